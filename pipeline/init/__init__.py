"""Init: writes a configuration for the files in a folder."""
