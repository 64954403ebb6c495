"""Wikipedia: reads dumps, and turns wikitext into the text that readers see."""
