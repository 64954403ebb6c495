"""massivetext plan: how many tokens a model needs, and what a run gives for a larger one."""
