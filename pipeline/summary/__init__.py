"""Summary: describes the data of a finished run for the public, as far as the run's files hold the answers."""
