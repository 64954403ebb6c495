"""Report: figures from statistics and the files of OUT, and one page that shows them."""
