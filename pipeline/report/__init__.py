"""The report: figures from statistics and the output's own files, and one page that shows them."""
