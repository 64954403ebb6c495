"""Peers' contamination filters on the documents that contamination.py gives them, in an environment of their own.

    python contamination_peers.py {datatrove|datatrove query|dolma|dolma ngrams} FOLDER

FOLDER holds items.json, a list of [question, answer], and documents.json, a list of texts. Prints a line of JSON: the
numbers of the documents that the peer flags, and the CPU seconds of that, without those of building the index.

datatrove: NGramsDecontFilter with its defaults, 12-grams of the answer and of the passage from question to answer, and
once more with the question's 12-grams, too. dolma: the Bloom filter of `dolma dedupe`, over paragraphs of 13 words or
more, as in its decontamination recipe, and over 13-grams, of which half must be known.
"""

import gzip
import json
import resource
import sys
import tempfile
import time
from pathlib import Path


def datatrove(items: list[list[str]], texts: list[str], query: bool) -> tuple[list[int], float]:
    from datatrove.data import Document
    from datatrove.pipeline.decont import n_grams

    config = n_grams.NGramsDecontConfig(find_query_ngrams=query)
    n_grams.NGramsDecontIndexer._requires_dependencies = []
    with tempfile.TemporaryDirectory() as folder:
        indexer = n_grams.NGramsDecontIndexer(folder, config=config)
        found = n_grams.NGramsDecontFilter(folder, config=config)
    found._index_hashes = {
        one: "items" for question, answer in items for one in indexer.compute_hashes(answer, question)
    }
    found.filter(Document(text="One text, to load what is loaded on first use.", id=""))
    began = time.process_time()
    flagged = [n for n, text in enumerate(texts) if found.filter(Document(text=text, id=str(n))) is not True]
    return flagged, time.process_time() - began


def dolma(items: list[list[str]], texts: list[str], ngrams: bool) -> tuple[list[int], float]:
    from dolma import deduper

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paragraphs: dict[str, object] = {"attribute_name": "found"}
        if ngrams:
            paragraphs["by_ngram"] = {
                "ngram_length": 13,
                "stride": 0,
                "overlap_threshold": 0.5,
                "skip_short_paragraphs": True,
            }

        def write(part: str, rows: list[str]) -> str:
            path = folder / part / "documents" / "rows.jsonl.gz"
            path.parent.mkdir(parents=True)
            with gzip.open(path, "wt", encoding="utf-8") as lines:
                for number, text in enumerate(rows):
                    lines.write(
                        json.dumps({"id": str(number), "text": text, "source": part, "metadata": {}}) + "\n"
                    )
            return str(path)

        def run(path: str, read_only: bool) -> None:
            deduper(
                {
                    "documents": [path],
                    "work_dir": {"input": str(folder / "in"), "output": str(folder / "out")},
                    "processes": 1,
                    "dedupe": {"name": "decontamination", "paragraphs": paragraphs, "skip_empty": True},
                    "bloom_filter": {
                        "file": str(folder / "bloom"),
                        "read_only": read_only,
                        "size_in_bytes": 1 << 26,
                        "estimated_doc_count": 1_000_000,
                        "desired_false_positive_rate": 1e-9,
                    },
                }
            )

        lines = [line for item in items for part in item for line in part.split("\n")]
        run(write("items", [line for line in lines if len(line.split()) >= 13]), False)
        path = write("corpus", texts)
        began = resource.getrusage(resource.RUSAGE_SELF)
        run(path, True)
        ended = resource.getrusage(resource.RUSAGE_SELF)
        flagged = []
        for found in (folder / "corpus" / "attributes").rglob("*.gz"):
            with gzip.open(found, "rt") as lines:
                for line in lines:
                    row = json.loads(line)
                    spans = next(iter(row["attributes"].values()), [])
                    if any(span[2] >= (0.5 if ngrams else 1) for span in spans):
                        flagged.append(int(row["id"]))
    return flagged, ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime


def main() -> None:
    name, folder = sys.argv[1], Path(sys.argv[2])
    items = json.loads((folder / "items.json").read_text())
    texts = json.loads((folder / "documents.json").read_text())
    peer, _, option = name.partition(" ")
    answers, sys.stdout = sys.stdout, sys.stderr
    flagged, seconds = {"datatrove": datatrove, "dolma": dolma}[peer](items, texts, bool(option))
    print(json.dumps({"flagged": flagged, "seconds": seconds}), file=answers)


if __name__ == "__main__":
    main()
