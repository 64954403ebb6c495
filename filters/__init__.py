"""The verbs on text: pure functions from a RecordBatch to columns. No Beam, no files, no clocks."""
