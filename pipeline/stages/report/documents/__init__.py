"""Documents as the page shows them: excerpts, and marks on what a rule objects to."""
