"""massivetext compare: what differs between two finished runs."""
