"""Summary: what the public is owed about a finished run, filled in where its files hold the answer."""
