"""The pipeline: Beam stages that turn raw files into token shards, and record their results in a manifest."""
