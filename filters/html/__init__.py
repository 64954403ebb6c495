"""The main text of an HTML page, by kernels over its bytes."""
