"""Programs to start with `python -m`. No module imports them."""
