"""Replaces personal data and secrets in texts."""
