"""The schemas of the tables that pass from stage to stage: one Arrow schema for each table."""
