"""The tokenizers a run can use, one kind of file a module."""
