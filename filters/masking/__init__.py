"""Personal data and secrets, replaced in texts."""
