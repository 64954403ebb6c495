"""Measurements: Gopher's quality and repetition columns (arXiv 2112.11446, appendix A.1.1, Table A1), and the columns
of source files (StarCoder, arXiv 2305.06161; StarCoder2, arXiv 2402.19173).

Counts are int64; ratios and fractions are float64. The columns of MEASUREMENT are null for code, and 0 for documents
without words. Those of CODE are null for all documents except code, and 0 for empty files.
"""

import pyarrow as pa

QUALITY = pa.schema(
    [
        pa.field("word_count", pa.int64()),
        pa.field("mean_word_length", pa.float64()),  # code points
        pa.field("hash_ratio", pa.float64()),  # per word
        pa.field("ellipsis_ratio", pa.float64()),  # per word
        pa.field("bullet_line_fraction", pa.float64()),
        pa.field("ellipsis_line_fraction", pa.float64()),
        pa.field("alphabetic_word_fraction", pa.float64()),
        pa.field("stop_word_count", pa.int64()),  # distinct stop words
    ]
)

REPETITION = pa.schema(
    [
        pa.field("duplicate_line_fraction", pa.float64()),
        pa.field("duplicate_paragraph_fraction", pa.float64()),
        pa.field("duplicate_line_character_fraction", pa.float64()),
        pa.field("duplicate_paragraph_character_fraction", pa.float64()),
        *(pa.field(f"top_{n}_gram_character_fraction", pa.float64()) for n in range(2, 5)),
        *(pa.field(f"duplicate_{n}_gram_character_fraction", pa.float64()) for n in range(5, 11)),
    ]
)

MEASUREMENT = pa.schema([*QUALITY, *REPETITION])
"""The measurements of prose."""

READINGS = pa.schema(
    [
        pa.field("alphabetic_token_fraction", pa.float64()),
        pa.field("stop_word_occurrences", pa.int64()),
        *(pa.field(f"copied_{n}_gram_character_fraction", pa.float64()) for n in range(5, 11)),
    ]
)
"""Measurements of prose as other projects read Gopher's rules; null if they were not asked for."""

CODE = pa.schema(
    [
        pa.field("maximum_line_length", pa.int64()),  # code points
        pa.field("mean_line_length", pa.float64()),
        pa.field("alphanumeric_fraction", pa.float64()),  # of code points
        pa.field("encoded_data_fraction", pa.float64()),
        pa.field("longest_encoded_run", pa.int64()),  # code points
    ]
)
"""The measurements of code."""

CHARACTERS = pa.schema(
    [
        pa.field("control_character_count", pa.int64()),  # other than tabs and line ends
        pa.field("replacement_character_count", pa.int64()),  # U+FFFD
        pa.field("mojibake_count", pa.int64()),  # null if it was not asked for
    ]
)
"""The measurements of the characters of all texts."""

MASKED = pa.schema(
    [
        pa.field("masked_secret_count", pa.int64()),
        pa.field("masked_email_count", pa.int64()),
        pa.field("masked_ip_count", pa.int64()),
        pa.field("masked_phone_count", pa.int64()),
    ]
)
"""How many values of each kind were masked in a text; null for kinds that are not masked."""
