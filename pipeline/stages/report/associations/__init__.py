"""Associations: finds words near mentions of two groups of people, by lists of words and templates."""
