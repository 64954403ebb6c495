"""Wikipedia: dumps, and wikitext as readers see it."""
