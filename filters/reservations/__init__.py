"""What sites ask of those who crawl and mine them, in files beside their pages: robots.txt, tdmrep.json, ai.txt."""
