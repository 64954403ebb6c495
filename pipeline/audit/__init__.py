"""Groups of documents that a run is audited for: who writes so, and what the rules take from them."""
