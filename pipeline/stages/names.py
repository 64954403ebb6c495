"""The names of the stages, in the order of the data."""

CURATE = "curate"
DEDUPLICATE = "deduplicate"
DECONTAMINATE = "decontaminate"
TOKENIZER = "tokenizer"
TOKENIZE = "tokenize"
MIX = "mix"
REPORT = "report"

NAMES = (CURATE, DEDUPLICATE, DECONTAMINATE, TOKENIZER, TOKENIZE, MIX, REPORT)
