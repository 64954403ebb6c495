"""The tokenizers that a run can use. There is a module for each kind of file."""
