"""Peers' Gopher rules; filters.py and conformance.py run this in the environment of the peer that is named.

    python peer_filters.py {datatrove|dolma} DOCUMENTS.json

Reads a JSON list of texts, then commands from standard input, one a line, and answers each with a line of
JSON: `seconds`, the CPU seconds of quality and repetition rules over all texts; `verdicts`, by rule (a column of
schemas.measurement, `symbols` for hash_ratio and ellipsis_ratio together) whether each text breaks it.
"""

import functools
import json
import sys
import time
from collections.abc import Callable

Verdicts = dict[str, list[bool]]

QUALITY_RULES = {
    "word_count": ("min_doc_words", "max_doc_words"),
    "mean_word_length": ("min_avg_word_length", "max_avg_word_length"),
    "symbols": ("max_symbol_word_ratio",),
    "bullet_line_fraction": ("max_bullet_lines_ratio",),
    "ellipsis_line_fraction": ("max_ellipsis_lines_ratio",),
    "alphabetic_word_fraction": ("max_non_alpha_words_ratio",),
    "stop_word_count": ("min_stop_words",),
}
REPETITION_RULES = {
    "duplicate_line_fraction": "dup_line_frac",
    "duplicate_paragraph_fraction": "dup_para_frac",
    "duplicate_line_character_fraction": "dup_line_char_frac",
    "duplicate_paragraph_character_fraction": "dup_para_char_frac",
}
TOP = {2: 0.20, 3: 0.18, 4: 0.16}
DUPLICATE = {5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.10}


def datatrove() -> tuple[Callable[[list[str]], object], Callable[[list[str]], Verdicts]]:
    from datatrove.data import Document
    from datatrove.pipeline.filters import gopher_quality_filter, gopher_repetition_filter

    quality_filter, repetition_filter = (
        gopher_quality_filter.GopherQualityFilter,
        gopher_repetition_filter.GopherRepetitionFilter,
    )
    both = [quality_filter(), repetition_filter()]

    def run(texts: list[str]) -> None:
        for text in texts:
            for rules in both:
                rules.filter(Document(text=text, id=""))

    def verdicts(texts: list[str]) -> Verdicts:
        # One rule at a time, on words that are split once.
        for module in (gopher_quality_filter, gopher_repetition_filter):
            module.split_into_words = functools.lru_cache(1)(module.split_into_words)
        names = [name for options in QUALITY_RULES.values() for name in options]
        alone: dict[str, object] = {
            rule: quality_filter(**{name: None for name in names if name not in options})
            for rule, options in QUALITY_RULES.items()
        }
        off = {**dict.fromkeys(REPETITION_RULES.values()), "top_n_grams": (), "dup_n_grams": ()}
        for rule, option in REPETITION_RULES.items():
            limit = 0.3 if rule.endswith(("line_fraction", "paragraph_fraction")) else 0.2
            alone[rule] = repetition_filter(**{**off, option: limit})
        for n, limit in TOP.items():
            alone[f"top_{n}_gram_character_fraction"] = repetition_filter(
                **{**off, "top_n_grams": ((n, limit),)}
            )
        for n, limit in DUPLICATE.items():
            rules = repetition_filter(**{**off, "dup_n_grams": ((n, limit),)})
            alone[f"duplicate_{n}_gram_character_fraction"] = rules
        found: Verdicts = {rule: [] for rule in alone}
        for text in texts:
            for rule, rules in alone.items():
                found[rule].append(rules.filter(Document(text=text, id="")) is not True)  # type: ignore[attr-defined]
        return found

    return run, verdicts


def dolma() -> tuple[Callable[[list[str]], object], Callable[[list[str]], Verdicts]]:
    # This imports the tagger alone, without the models that the other taggers of its package load.
    from dolma.taggers.gopher import get_attributes

    def run(texts: list[str]) -> None:
        for text in texts:
            get_attributes(text, ignore_empty_lines=True)

    def verdicts(texts: list[str]) -> Verdicts:
        found: Verdicts = {}
        for text in texts:
            a = get_attributes(text, ignore_empty_lines=True)
            broken = {
                "word_count": not 50 <= a.word_count <= 100_000,
                "mean_word_length": not 3 <= a.median_word_length <= 10,
                "symbols": a.symbol_to_word_ratio > 0.1,
                "bullet_line_fraction": a.fraction_of_lines_starting_with_bullet_point > 0.9,
                "ellipsis_line_fraction": a.fraction_of_lines_ending_with_ellipsis > 0.3,
                "alphabetic_word_fraction": a.fraction_of_words_with_alpha_character < 0.8,
                "stop_word_count": a.required_word_count < 2,
                "duplicate_line_fraction": a.fraction_of_duplicate_lines > 0.3,
                "duplicate_line_character_fraction": a.fraction_of_characters_in_duplicate_lines > 0.2,
            }
            top, duplicate = (
                dict(a.fraction_of_characters_in_most_common_ngram),
                dict(a.fraction_of_characters_in_duplicate_ngrams),
            )
            for n, limit in TOP.items():
                broken[f"top_{n}_gram_character_fraction"] = top.get(n, 0) > limit
            for n, limit in DUPLICATE.items():
                broken[f"duplicate_{n}_gram_character_fraction"] = duplicate.get(n, 0) > limit
            for rule, value in broken.items():
                found.setdefault(rule, []).append(value)
        return found

    return run, verdicts


def main() -> None:
    peer, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        texts = json.load(file)
    answers, sys.stdout = sys.stdout, sys.stderr
    run, verdicts = {"datatrove": datatrove, "dolma": dolma}[peer]()
    run(texts[:1])  # loads the files that are loaded on first use
    for command in sys.stdin:
        if command.strip() == "seconds":
            start = time.process_time()
            run(texts)
            answer: object = time.process_time() - start
        else:
            answer = verdicts(texts)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
