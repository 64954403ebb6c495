"""How a step is run and recorded: engine, workers, parts, manifest, progress, counts."""
