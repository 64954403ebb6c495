"""A configuration from what lies in a folder."""
