"""The names of the stages, in order. Each stage is a folder beside this file, and its stage.py declares it.

To add a stage, add its folder and its line here.
"""

from collections.abc import Mapping

CURATE = "curate"
DEDUPLICATE = "deduplicate"
DECONTAMINATE = "decontaminate"
TOKENIZER = "tokenizer"
TOKENIZE = "tokenize"
MIX = "mix"
REPORT = "report"

NAMES: Mapping[str, str] = {
    CURATE: "Read, extract, measure and judge.",
    DEDUPLICATE: "Find exact and near duplicates.",
    DECONTAMINATE: "Find documents that match test sets.",
    TOKENIZER: "Train or load the tokenizer.",
    TOKENIZE: "Encode the documents that are kept.",
    MIX: "Mix the sources by weight into shards.",
    REPORT: "Write the report.",
}
"""What each stage does, by its name."""
