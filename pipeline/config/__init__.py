"""The configuration: its model, how it is loaded, the files it names, the rules that judge each source."""
