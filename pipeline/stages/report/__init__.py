"""Report: computes figures from the statistics and the files of OUT, and shows them on one page."""
