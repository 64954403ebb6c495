"""massivetext plan: estimates the tokens that a model needs, and the input and cost of a run that makes them."""
