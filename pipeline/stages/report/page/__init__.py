"""The page and the datasheet: templates, styles, scripts."""
