"""Documents as the page shows them: excerpts, with marks on the parts that a rule objects to."""
