"""massivetext compare: finds what differs between two finished runs."""
