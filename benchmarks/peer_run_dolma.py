"""Dolma's tools, one after the other: pages or texts to tokens. whole_run_peers.py runs this in its environment.

    python peer_run_dolma.py INPUT OUT {pages|text} TOKENIZER.json LANGUAGE.ftz WORKERS

INPUT holds WARC files or gzipped JSONL. Prints a line of JSON: the documents after each step, [name, count].

Dolma has no MinHash: a Bloom filter finds documents with equal texts. Its Gopher rules are attributes, with which
`dolma mix` filters by the limits of the paper.
"""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from dolma.core.registry import TaggerRegistry
from dolma.taggers.language import FastTextEnglishLanguageDocumentTagger

MODEL = "LANGUAGE_MODEL"  # a variable of the environment
END_OF_TEXT = 50256  # of GPT-2
LEAST = {"word_count": 50, "median_word_length": 3, "fraction_of_words_with_alpha_character": 0.8}
MOST = {
    "word_count": 100_000,
    "median_word_length": 10,
    "symbol_to_word_ratio": 0.1,
    "fraction_of_lines_starting_with_bullet_point": 0.9,
    "fraction_of_lines_ending_with_ellipsis": 0.3,
    "fraction_of_duplicate_lines": 0.3,
    "fraction_of_characters_in_duplicate_lines": 0.2,
    **{f"fraction_of_characters_in_most_common_{n}grams": (20, 18, 16)[n - 2] / 100 for n in (2, 3, 4)},
    **{f"fraction_of_characters_in_duplicate_{n}grams": (20 - n) / 100 for n in range(5, 11)},
}


@TaggerRegistry.add("local_language")
class LocalLanguage(FastTextEnglishLanguageDocumentTagger):
    """Dolma's tagger with the model of a file, which would be downloaded otherwise."""

    MODEL_PATH = os.environ.get(MODEL, "")


def kept() -> str:
    """The condition, in jq's language, by which `dolma mix` keeps a document."""
    rule = ".attributes.tagged__gopher_v2__{}[0][2] {} {}"
    return " and ".join(
        [
            "(.attributes.tagged__local_language__en[0][2] >= 0.65)",
            *(f"({rule.format(name, '>=', limit)})" for name, limit in LEAST.items()),
            *(f"({rule.format(name, '<=', limit)})" for name, limit in MOST.items()),
            f"({rule.format('required_word_count', '>=', 2)})",
            "((.attributes.same_text | length) == 0)",
        ]
    )


def dolma(out: Path, command: str, **config: Any) -> None:
    path = out / f"{command}.yaml"
    path.write_text(yaml.safe_dump(config))
    program = Path(sys.executable).with_name("dolma")
    subprocess.run([program, "--config", path, command], check=True, stdout=sys.stderr)


def count(folder: Path) -> int:
    total = 0
    for path in folder.glob("*.gz"):
        with gzip.open(path) as lines:
            total += sum(1 for _ in lines)
    return total


def main() -> None:
    source, folder, kind, tokenizer, model, workers = sys.argv[1:]
    os.environ[MODEL] = model
    out, processes = Path(folder), int(workers)
    documents = out / "documents"
    documents.mkdir(parents=True)
    if kind == "pages":
        dolma(
            out,
            "warc",
            documents=[f"{source}/*.warc.gz"],
            destination=[str(documents)],
            processes=processes,
            source_name="web",
        )
    else:
        for path in Path(source).iterdir():
            (documents / path.name).symlink_to(path.resolve())
    every = [f"{documents}/*.gz"]
    dolma(
        out,
        "tag",
        documents=every,
        tagger_modules=[__file__],
        taggers=["local_language", "gopher_v2"],
        experiment="tagged",
        processes=processes,
    )
    dolma(
        out,
        "dedupe",
        documents=every,
        dedupe={"name": "same_text", "documents": {"attribute_name": "same_text", "key": "$.text"}},
        bloom_filter={
            "file": f"{out}/bloom",
            "read_only": False,
            "estimated_doc_count": 10_000_000,
            "desired_false_positive_rate": 1e-6,
        },
        processes=processes,
    )
    stream = {
        "name": "kept",
        "documents": every,
        "attributes": ["tagged", "same_text"],
        "filter": {"include": [kept()], "syntax": "jq"},
        "output": {"path": f"{out}/kept", "max_size_in_bytes": 1 << 30},
    }
    dolma(out, "mix", streams=[stream], processes=processes)
    ends = {"eos_token_id": END_OF_TEXT, "pad_token_id": END_OF_TEXT}
    dolma(
        out,
        "tokens",
        documents=[f"{out}/kept/*.gz"],
        destination=f"{out}/tokens",
        tokenizer={"name_or_path": tokenizer, **ends},
        processes=processes,
        dtype="uint16",
    )
    first = "extracted" if kind == "pages" else "read"
    print(json.dumps([(first, count(documents)), ("kept", count(out / "kept"))]))


if __name__ == "__main__":
    main()
