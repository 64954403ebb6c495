"""What kernels are made of: how they are compiled, and the steps that many of them share."""
