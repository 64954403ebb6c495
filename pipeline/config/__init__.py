"""The configuration: its models, its loader, the input files that it names, and the rules that judge each source."""
