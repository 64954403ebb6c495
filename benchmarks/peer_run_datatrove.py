"""datatrove's pipeline as FineWeb runs it: pages or texts to tokens. whole_run_peers.py runs this in its environment.

    python peer_run_datatrove.py INPUT OUT {pages|text} TOKENIZER.json LANGUAGE.ftz WORKERS

INPUT holds WARC files or gzipped JSONL. Prints a line of JSON: the documents after each step, [name, count].
"""

import json
import logging
import sys
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup import (
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.extractors import Trafilatura
from datatrove.pipeline.filters import GopherQualityFilter, GopherRepetitionFilter, LanguageFilter
from datatrove.pipeline.readers import JsonlReader, WarcReader
from datatrove.pipeline.tokens import DocumentTokenizer
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.lid import FT176LID
from loguru import logger

TIMEOUT = 30.0  # seconds for a page: the default of 1 would drop pages while the machine is busy


class LocalModel(FT176LID):
    """The model of a file, which would be downloaded otherwise."""

    path = ""

    @property
    def model(self):
        from fasttext.FastText import _FastText

        if self._model is None:
            self._model = _FastText(self.path)
        return self._model


def main() -> None:
    logger.remove()
    logging.disable()
    source, out, kind, tokenizer, LocalModel.path, workers = sys.argv[1:]
    tasks, work = len(list(Path(source).iterdir())), Path(out)
    language = LanguageFilter(["en"])
    language.model = LocalModel(["en"])
    read: list[PipelineStep] = (
        [WarcReader(source), Trafilatura(timeout=TIMEOUT)] if kind == "pages" else [JsonlReader(source)]
    )
    config = MinhashConfig(n_grams=13, num_buckets=16, hashes_per_bucket=8)
    folders = {name: str(work / name) for name in ("filtered", "signatures", "pairs", "clusters", "tokens")}
    filtered = JsonlReader(folders["filtered"])
    stages: list[tuple[list[PipelineStep], int]] = [
        (
            [
                *read,
                language,
                GopherRepetitionFilter(),
                GopherQualityFilter(),
                JsonlWriter(folders["filtered"]),
                MinhashDedupSignature(folders["signatures"], config),
            ],
            tasks,
        ),
        (
            [MinhashDedupBuckets(folders["signatures"], folders["pairs"], config=config)],
            config.num_buckets,
        ),
        ([MinhashDedupCluster(folders["pairs"], folders["clusters"], config)], 1),
        (
            [
                filtered,
                MinhashDedupFilter(folders["clusters"]),
                DocumentTokenizer(folders["tokens"], tokenizer, shuffle_documents=False),
            ],
            tasks,
        ),
    ]
    for number, (steps, count) in enumerate(stages):
        logs = str(work / f"logs-{number}")
        LocalPipelineExecutor(steps, tasks=count, workers=min(count, int(workers)), logging_dir=logs).run()
    first, last = (json.loads((work / f"logs-{number}/stats.json").read_text()) for number in (0, 3))
    names = ["read", *(["extracted"] if kind == "pages" else []), "language", "repetition", "quality"]
    found = [
        (name, _count(step, "documents" if name == "read" else "forwarded"))
        for name, step in zip(names, first, strict=False)
    ]
    print(json.dumps([*found, ("near duplicates", _count(last[1], "forwarded"))]))


def _count(step: dict, name: str) -> int:
    count = step["stats"][name]
    return int(count["total"] if isinstance(count, dict) else count)


if __name__ == "__main__":
    main()
