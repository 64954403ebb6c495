"""How often our verdict on a document is the same as peers', rule by rule, and why it differs.

    python -m benchmarks.conformance DOCUMENTS.jsonl.zst [--documents 2000]

All use Gopher's limits, and each rule is applied alone, so that only definitions are compared. Prints a table in
Markdown: for each rule and peer the agreement, how many documents only we (only they) would remove, and for each of the
two one document with our measurement of it.
"""

import argparse
import itertools
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import zstandard

from benchmarks.peers import PACKAGES, Peer
from massivetext.filters.families import FAMILIES
from massivetext.filters.families.family import LimitRule
from massivetext.filters.measure.measure import measure

LIMITS = {**FAMILIES["quality"].limits, **FAMILIES["repetition"].limits}
PARTS = {"symbols": ("hash_ratio", "ellipsis_ratio")}  # rules that are one rule in a peer

REASONS = {
    ("datatrove", "word_count"): "spaCy cuts at hyphens and clitics, so it finds more words",
    ("datatrove", "mean_word_length"): "spaCy's words are shorter: `do` `n't`, `well` `-` `known`",
    ("datatrove", "symbols"): "punctuation counts as words, so the ratio is lower",
    ("datatrove", "bullet_line_fraction"): "only `•` and `-`, and `-` without a space too; blank lines count",
    ("datatrove", "ellipsis_line_fraction"): "blank lines count as lines",
    ("datatrove", "alphabetic_word_fraction"): "punctuation counts as words without a letter",
    ("datatrove", "stop_word_count"): "case-sensitive",
    ("datatrove", "duplicate_line_fraction"): "not stripped; the text's first and last blank lines count",
    (
        "datatrove",
        "duplicate_line_character_fraction",
    ): "not stripped; all characters of the text below",
    ("datatrove", "duplicate_paragraph_fraction"): "a line of spaces does not end a paragraph",
    ("datatrove", "duplicate_paragraph_character_fraction"): "all characters of the text below the line",
    (
        "datatrove",
        "top",
    ): "punctuation is a word; count x length, so overlaps count twice; one occurrence counts",
    (
        "datatrove",
        "duplicate",
    ): "only copies after the first, in jumps of n; punctuation is a word; spaces below",
    ("dolma", "word_count"): "signs alone (`-`, `=`) are words",
    ("dolma", "mean_word_length"): "the median, with the punctuation at a word",
    ("dolma", "symbols"): "words that hold `#` or `…`, both together; `...` is none",
    ("dolma", "bullet_line_fraction"): "only `*` and `-`, not stripped, without a space too",
    ("dolma", "ellipsis_line_fraction"): "only `…`, not stripped",
    ("dolma", "alphabetic_word_fraction"): "signs alone are words without a letter",
    ("dolma", "stop_word_count"): "occurrences instead of distinct words; case-sensitive, with punctuation",
    ("dolma", "duplicate_line_fraction"): "all copies, the first too; not stripped",
    ("dolma", "duplicate_line_character_fraction"): "all copies, over characters other than white space",
    (
        "dolma",
        "top",
    ): "count x length, so overlaps count twice; one occurrence counts; cased, with punctuation",
    ("dolma", "duplicate"): "the share of n-grams that are duplicates, not of the text they cover; cased",
}


def read(path: Path, count: int) -> tuple[list[str], list[str]]:
    """The ids and texts of the first documents."""
    with zstandard.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in itertools.islice(lines, count)]
    return [record["id"] for record in records], [record["text"] for record in records]


def reason(peer: str, rule: str) -> str:
    return REASONS.get((peer, rule)) or REASONS[peer, rule.split("_")[0]]


def table(ids: list[str], texts: list[str]) -> str:
    measured = measure(pa.record_batch({"text": texts}))
    lines = [
        "| rule | peer | same verdict | only we remove | only they remove | why |",
        "|---|---|---|---|---|---|",
    ]
    for name in PACKAGES:
        peer = Peer(name, texts)
        theirs = peer.ask("verdicts")
        peer.close()
        for rule, verdicts in theirs.items():
            columns = PARTS.get(rule, (rule,))
            ours = np.any([LimitRule(column, LIMITS[column]).broken(measured) for column in columns], axis=0)
            other = np.array(verdicts)
            values = measured[columns[0]].to_pylist()
            only_we, only_they = (
                example(one & ~two, ids, values) for one, two in ((ours, other), (other, ours))
            )
            agreement = f"{np.mean(ours == other):.2%}"
            cells = (", ".join(columns), name, agreement, only_we, only_they, reason(name, rule))
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def example(chosen: npt.NDArray[np.bool_], ids: list[str], values: list[float]) -> str:
    """How many documents, and the first of them with our measurement."""
    places = np.flatnonzero(chosen)
    if len(places) == 0:
        return "0"
    name = "/".join(ids[places[0]].rsplit("/", 2)[-2:])
    return f"{len(places)}, as `{name}` ({values[places[0]]:.3g})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--documents", type=int, default=2000, dest="count")
    arguments = parser.parse_args()
    ids, texts = read(arguments.documents, arguments.count)
    print(f"{len(texts):,} documents; {', '.join(packages[0] for packages in PACKAGES.values())}\n")
    print(table(ids, texts))


if __name__ == "__main__":
    main()
