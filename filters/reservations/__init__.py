"""Reservations: reads what sites ask of crawlers and miners in robots.txt, tdmrep.json and ai.txt."""
