"""Recall by form, false flags and speed beside datatrove's and Dolma's filters and the paper's rule.

    python -m benchmarks.contamination_beside ../shared/data [--items 200] [--clean 1000]

It uses fewer items than contamination.py, since peers read 0.3 MB a second; items of all test sets except LAMBADA come
first. Peers' environments, build/peer-NAME, are made on first use. The CPU seconds do not include building the index.
"""

import argparse
import json
import random
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.contamination import SEED, batches, build, documents, judged
from benchmarks.contamination_items import Item, shared_items
from benchmarks.peers import environment
from massivetext.filters.similarity import contamination
from massivetext.filters.similarity.forms import FORMS, inject

PEERS = ("datatrove", "datatrove query", "dolma", "dolma ngrams")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--clean", type=int, default=1000)
    options = parser.parse_args()
    items = sorted(shared_items(options.data / "testsets"), key=lambda item: item.test_set == "lambada")
    items = items[: options.items]
    corpus = documents(options.data, 100_000, 300, 600)
    texts = [text for form in FORMS for text in _leaks(form, items, corpus)] + corpus[-options.clean :]
    size = sum(len(text.encode()) for text in texts) / 1e6
    outcomes = {
        "massivetext": _ours(items, texts, corpus),
        "13-gram Jaccard above 0.8": _copies(items, texts),
    }
    outcomes |= {name: _peer(name, items, texts) for name in PEERS}
    print("| form | " + " | ".join(outcomes) + " |\n|" + "---|" * (len(outcomes) + 1))
    for number, form in enumerate(FORMS):
        of_form = range(number * len(items), (number + 1) * len(items))
        shares = [len(flagged & set(of_form)) / len(items) for flagged, _ in outcomes.values()]
        print(f"| {form} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    clean = set(range(len(texts) - options.clean, len(texts)))
    flags = [str(len(flagged & clean)) for flagged, _ in outcomes.values()]
    print(f"| flags on {options.clean:,} clean documents | " + " | ".join(flags) + " |")
    print("| MB a CPU second | " + " | ".join(f"{size / cpu:.2f}" for _, cpu in outcomes.values()) + " |")


def _leaks(form: str, items: list[Item], hosts: list[str]) -> list[str]:
    chance, texts = random.Random(f"{SEED} {form}"), []
    for number, item in enumerate(items):
        host = hosts[number]
        texts.append(inject(host, FORMS[form](item.text, chance, host.split()), chance))
    return texts


def _ours(items: list[Item], texts: list[str], corpus: list[str]) -> tuple[set[int], float]:
    known = build(items, corpus)
    list(judged(texts[:1], known))
    began = time.process_time()
    flagged = {document for document, _, removed, _ in judged(texts, known) if removed}
    return flagged, time.process_time() - began


def _copies(items: list[Item], texts: list[str]) -> tuple[set[int], float]:
    known = contamination.TestSetIndex.build([(item.test_set, item.name, item.text) for item in items])
    flagged, number = set(), 0
    began = time.process_time()
    for batch in batches(texts):
        for row in contamination.match(batch, known).to_pylist():
            if row["jaccard"] > 0.8:
                flagged.add(number + row["document"])
        number += len(batch)
    return flagged, time.process_time() - began


def _peer(name: str, items: list[Item], texts: list[str]) -> tuple[set[int], float]:
    script = Path(__file__).with_name("contamination_peers.py")
    with tempfile.TemporaryDirectory() as folder:
        pairs = [[item.question, "\n".join(item.choices)] for item in items]
        (Path(folder) / "items.json").write_text(json.dumps(pairs))
        (Path(folder) / "documents.json").write_text(json.dumps(texts))
        command = [str(environment(name.partition(" ")[0])), str(script), name, folder]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True
        )
    answer = json.loads(done.stdout.splitlines()[-1])
    return set(answer["flagged"]), answer["seconds"]


if __name__ == "__main__":
    main()
