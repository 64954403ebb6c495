"""massivetext verify: checks the promises on a finished run. There is one file for each promise."""
