"""Programs that are started with python -m, and that nothing imports."""
