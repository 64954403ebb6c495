"""Which words stand near the mentions of two groups of people: word lists, templates, and what they find in texts."""
