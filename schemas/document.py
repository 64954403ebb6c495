"""Documents: what readers yield, and what `documents/` holds. The folder, not a column, names the source."""

import pyarrow as pa

from massivetext.schemas.measurement import CHARACTERS, CODE, MASKED, MEASUREMENT, READINGS

DOCUMENT = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # hex of 128 bits, see pipeline.read.identity
        pa.field("source_id", pa.string()),  # the source's own id; null where a record has none
        pa.field("url", pa.string()),
        pa.field("captured", pa.timestamp("us", tz="UTC")),  # by a crawler; null where nothing says when
        pa.field("title", pa.string()),
        pa.field("licence", pa.string()),  # SPDX expression; null where none was found
        pa.field("charset", pa.string()),  # that the bytes were read by; null where the format fixes it
        pa.field("charset_origin", pa.string()),  # bom | header | meta | detected | utf-8
        pa.field("robots", pa.list_(pa.string())),  # directives to all crawlers, sorted; null without any
        pa.field("sentences_left_out", pa.int32()),  # by the reader, which could not tell their words
        pa.field("text", pa.string(), nullable=False),
        pa.field("origin_file", pa.string(), nullable=False),  # as matched by the configured glob
        pa.field("origin_offset", pa.int64(), nullable=False),  # each reader says what it counts
    ]
)
"""A document as it was read."""

LANGUAGE = pa.schema(
    [
        pa.field("language", pa.string()),  # as the model's label says it, without `__label__`
        pa.field("language_probability", pa.float32()),  # 0 to 1
        pa.field("script", pa.string()),  # of most letters, as ISO 15924 names it; null without letters
        pa.field(  # of the text's pieces, the largest share first; what no language has for sure is missing
            "languages",
            pa.list_(pa.struct([pa.field("language", pa.string()), pa.field("share", pa.float32())])),
        ),
    ]
)
"""What language identification adds to a document."""

BLOCKLISTED = pa.schema(
    [pa.field("blocklisted", pa.string())]
)  # the entry that the URL stands on; null: none
"""What a blocklist adds to a document."""

CANDIDATE = pa.schema(
    [
        *DOCUMENT,
        pa.field(
            "text_bytes", pa.int64()
        ),  # as UTF-8, so that texts need not be read to know how long they are
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
