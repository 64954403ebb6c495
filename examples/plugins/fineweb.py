"""FineWeb's own rules (Penedo et al., arXiv 2406.17557, section 3.5), with datatrove's limits."""

import pyarrow as pa
import pyarrow.compute as pc

from massivetext.plugins import Measurement

PUNCTUATION = r"""[.!?。！？…"'”]$"""
SHORT = 30  # characters


def lines(batch: pa.RecordBatch) -> tuple[pa.Array, pa.Array]:
    """The lines of each text that are not blank, end to end, and the text that each is from."""
    split = pc.split_pattern(batch.column("text"), "\n")
    line, parent = pc.utf8_trim_whitespace(split.flatten()), pc.list_parent_indices(split)
    is_filled = pc.greater(pc.utf8_length(line), 0)
    return line.filter(is_filled), parent.filter(is_filled)


def total(values: pa.Array, parent: pa.Array, documents: int) -> pa.Array:
    """The sum of values by the text that they belong to."""
    table = pa.table({"document": parent.cast(pa.int64()), "value": values.cast(pa.float64())})
    sums = table.group_by("document").aggregate([("value", "sum")])
    place = pc.index_in(pa.array(range(documents)), sums["document"].combine_chunks())
    return sums["value_sum"].combine_chunks().take(place).fill_null(0)


def share(part: pa.Array, whole: pa.Array) -> pa.Array:
    """part / whole, 0 where there is nothing."""
    return pc.divide(part, pc.max_element_wise(whole, 1.0))


def punctuated(batch: pa.RecordBatch) -> pa.Array:
    line, parent = lines(batch)
    ends, every = pc.match_substring_regex(line, PUNCTUATION), pa.repeat(1.0, len(line))
    return share(total(ends, parent, len(batch)), total(every, parent, len(batch)))


def short(batch: pa.RecordBatch) -> pa.Array:
    line, parent = lines(batch)
    is_short, every = pc.less_equal(pc.utf8_length(line), SHORT), pa.repeat(1.0, len(line))
    return share(total(is_short, parent, len(batch)), total(every, parent, len(batch)))


def repeated(batch: pa.RecordBatch) -> pa.Array:
    """Characters in the lines that stood in the text before, by all characters."""
    line, parent = lines(batch)
    size = pc.utf8_length(line)
    numbered = pa.table({"document": parent, "line": line, "row": pa.array(range(len(line)), pa.int64())})
    first = numbered.group_by(["document", "line"]).aggregate([("row", "min")])["row_min"]
    is_first = pc.is_in(numbered["row"], first).combine_chunks()
    copies = pc.if_else(is_first, pa.scalar(0, size.type), size)
    return share(total(copies, parent, len(batch)), total(size, parent, len(batch)))


def breaks(batch: pa.RecordBatch) -> pa.Array:
    text = batch.column("text")
    words = pc.count_substring_regex(text, r"\S+").cast(pa.float64())
    return share(pc.count_substring(text, "\n").cast(pa.float64()), words)


MEASUREMENTS = [
    Measurement(
        "fineweb_punctuated_line_fraction",
        "share of the lines that end in punctuation",
        punctuated,
        minimum=0.12,
    ),
    Measurement(
        "fineweb_short_line_fraction",
        f"share of the lines of {SHORT} characters or fewer",
        short,
        maximum=0.67,
    ),
    Measurement(
        "fineweb_repeated_line_character_fraction",
        "share of the characters in copies of lines",
        repeated,
        maximum=0.01,
    ),
    Measurement("fineweb_line_break_ratio", "line breaks / words", breaks, maximum=0.3),
]
