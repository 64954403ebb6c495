"""The promises of a finished run, one a file: each yields what is wrong, and nothing where it holds."""
