"""Documents, as readers yield them and as `documents/` holds them. A folder, not a column, names the source."""

import pyarrow as pa

from massivetext.schemas.measurement import CHARACTERS, CODE, MASKED, MEASUREMENT, READINGS

DOCUMENT = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # hex of 128 bits, see pipeline.read.identity
        pa.field("source_id", pa.string()),  # the source's own id; null if a record has none
        pa.field("url", pa.string()),
        pa.field("captured", pa.timestamp("us", tz="UTC")),  # when a crawler captured it; null if unknown
        pa.field("title", pa.string()),
        pa.field("licence", pa.string()),  # SPDX expression; null if none was found
        pa.field(
            "licence_mark", pa.string()
        ),  # rel | metadata | visible: where a web page states its licence
        pa.field("charset", pa.string()),  # by which the bytes were decoded; null if the format fixes it
        pa.field("charset_origin", pa.string()),  # bom | header | meta | detected | utf-8
        pa.field("robots", pa.list_(pa.string())),  # what page and site ask of crawlers; null if nothing
        pa.field("sentences_left_out", pa.int32()),  # sentences whose words the reader could not tell
        pa.field("text", pa.string(), nullable=False),
        pa.field("origin_file", pa.string(), nullable=False),  # as matched by the configured glob
        pa.field("origin_offset", pa.int64(), nullable=False),  # each reader says what it counts
    ]
)
"""A document as it was read."""

LANGUAGE = pa.schema(
    [
        pa.field("language", pa.string()),  # the model's label, without `__label__`
        pa.field("language_probability", pa.float32()),  # 0 to 1
        pa.field("script", pa.string()),  # ISO 15924 code of the script of most letters; null without letters
        pa.field(  # shares of the text, the largest first; pieces of uncertain language are in none
            "languages",
            pa.list_(pa.struct([pa.field("language", pa.string()), pa.field("share", pa.float32())])),
        ),
        pa.field("language_from_pieces", pa.bool_()),  # whether the model read pieces, and not the whole text
    ]
)
"""The columns that language identification adds to a document."""

BLOCKLISTED = pa.schema([pa.field("blocklisted", pa.string())])  # the entry that the URL matches, or null
"""The column that a blocklist adds to a document."""

CANDIDATE = pa.schema(
    [
        *DOCUMENT,
        pa.field("text_bytes", pa.int64()),  # in UTF-8; it tells a text's size without reading the text
        *LANGUAGE,
        *MEASUREMENT,
        *READINGS,
        *CODE,
        *CHARACTERS,
        *MASKED,
        *BLOCKLISTED,
    ]
)
"""A document that was read and measured: the columns of `documents/`."""
