"""C4's rules for pages and for lines (Raffel et al., arXiv 1910.10683, section 2.2).

It keeps the lines that end in a terminal punctuation mark and hold five words or more, and drops those that speak of
Javascript or of cookie and privacy policies, and Wikipedia's citation marks. Then a page goes when fewer than three
sentences are left of it, or when it held a curly bracket, "lorem ipsum" or, with `bad_words`, a word of a list.
"""

import pyarrow as pa
import pyarrow.compute as pc

from massivetext.plugins import COUNTS, Family, Limit

CITATION = r"\[\d*\]|\[edit\]|\[citation needed\]"
ENDS_WELL = r"""[.!?]["']?$"""  # an ellipsis is no end, see `kept`
FIVE_WORDS = r"^(?:\S+\s+){4,}\S+$"
LONG_WORD = r"\S{1000}\S"  # RE2 repeats 1,000 times at most
POLICY = r"(?i)javascript|terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies"
SENTENCE = r"""[.!?]["')\]]*(?:\s|$)"""

SCHEMA = pa.schema(
    [
        pa.field("c4_sentence_count", pa.int64()),
        pa.field("c4_curly_bracket_count", pa.int64()),
        pa.field("c4_lorem_ipsum_count", pa.int64()),
    ]
)


def kept(line: pa.StringArray) -> pa.BooleanArray:
    """Whether C4 keeps each line."""
    ends = pc.and_not(pc.match_substring_regex(line, ENDS_WELL), pc.ends_with(line, "..."))
    is_long = pc.match_substring_regex(line, FIVE_WORDS)
    is_refused = pc.or_(pc.match_substring_regex(line, POLICY), pc.match_substring_regex(line, LONG_WORD))
    return pc.and_not(pc.and_(ends, is_long), is_refused)


def rewrite(batch: pa.RecordBatch) -> pa.StringArray:
    """The texts with the lines that C4 keeps."""
    split = pc.split_pattern(batch.column("text"), "\n")
    line = pc.utf8_trim_whitespace(pc.replace_substring_regex(split.flatten(), CITATION, ""))
    is_kept = kept(line).to_numpy(zero_copy_only=False)
    before = pa.array([0, *is_kept.cumsum()], pa.int32())
    lines = pa.ListArray.from_arrays(before.take(split.offsets), line.filter(pa.array(is_kept)))
    return pc.binary_join(lines, "\n")


def measure(batch: pa.RecordBatch) -> pa.RecordBatch:
    """What is left of each page."""
    text = batch.column("text")
    found = [
        pc.count_substring_regex(text, SENTENCE),
        pc.count_substring(text, "{"),
        pc.count_substring(text, "lorem ipsum", ignore_case=True),
    ]
    return pa.RecordBatch.from_arrays([column.cast(pa.int64()) for column in found], schema=SCHEMA)


C4 = Family(
    name="c4",
    place=57,
    meaning="pages of too few sentences, with curly brackets or with lorem ipsum, as C4 has it",
    judges=frozenset({"web"}),
    limits={
        "c4_sentence_count": Limit(minimum=3),
        "c4_curly_bracket_count": Limit(maximum=0),
        "c4_lorem_ipsum_count": Limit(maximum=0),
    },
    meanings={
        "c4_sentence_count": "sentences in the lines that C4 keeps",
        "c4_curly_bracket_count": "curly brackets in those lines",
        "c4_lorem_ipsum_count": "times that they say lorem ipsum",
    },
    edges=dict.fromkeys(SCHEMA.names, COUNTS),
    schema=SCHEMA,
    measure=measure,
    rewrite=rewrite,
)
