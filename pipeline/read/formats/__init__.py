"""What files are made of: compression, archives, containers, XML, character encodings."""
