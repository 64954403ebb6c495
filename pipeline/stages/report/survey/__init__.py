"""One pass over the output for examples, samples for the what-if sliders, domains, and counts by language."""
