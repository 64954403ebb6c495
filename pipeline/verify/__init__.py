"""massivetext verify: the promises on a finished run, one file a promise."""
