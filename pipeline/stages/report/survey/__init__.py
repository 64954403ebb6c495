"""One pass over the output: examples, samples for what-if, domains, counts by language."""
