"""Compares tokenizers on the documents that a run keeps: bytes a token, and how much of each vocabulary is used."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.filters.seeded import order
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.tokenizer import Tokenizer as Settings
from massivetext.pipeline.runtime import candidates, manifest
from massivetext.pipeline.stages.tokenize.encode import Encoder
from massivetext.pipeline.storage import files
from massivetext.pipeline.tokenizers.open import open_tokenizer

NEEDED = "decontaminate"
LANGUAGES = 20  # the largest languages, which are shown


@dataclass
class Used:
    """The counts of one tokenizer on the sample."""

    name: str
    encoder: Encoder
    tokens: Counter[tuple[str, str]] = field(default_factory=Counter)  # by source and language
    single_bytes: int = 0
    # By id, how often it occurs.
    ids: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))


def compare(out: str, paths: list[str], console: Console, sample_bytes: int) -> None:
    """Encode a seeded sample of the documents that the run OUT keeps with each tokenizer, and print the counts.

    Raises ConfigError if the run has not finished the stage NEEDED, or if a file does not hold a tokenizer.
    """
    config = _finished(out)
    found = [_opened(path, config.seed) for path in paths]
    sizes: Counter[tuple[str, str]] = Counter()
    for source, batch in _sample(out, config, sample_bytes):
        languages = np.array(batch.column("language").fill_null("none").to_pylist(), object)
        lengths = text_bytes(batch)
        for language in sorted(set(languages)):
            sizes[source, language] += int(lengths[languages == language].sum())
        for one in found:
            _count(one, source, languages, batch)
    if not sizes:
        raise ConfigError(f"{out}: no document is kept, so there is nothing to compare tokenizers on")
    for title, place in (("source", 0), ("language", 1)):
        console.print(_bytes_a_token(title, place, sizes, found))
    console.print(_vocabularies(found))


def _finished(out: str) -> Config:
    state = manifest.opened(out)
    if NEEDED not in state.stages:
        raise ConfigError(f"{out}: {NEEDED} is not finished: run `massivetext {NEEDED}` first")
    return state.asked


def _opened(path: str, seed: int) -> Used:
    try:
        tokenizer = open_tokenizer(files.read_bytes(path), Settings(model=path))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: {error}") from error
    encoder = Encoder(tokenizer, seed=seed, eos=False, checked_share=0)
    return Used(Path(path).name, encoder, ids=np.zeros(tokenizer.size, np.int64))


def _sample(out: str, config: Config, sample_bytes: int) -> Iterator[tuple[str, pa.RecordBatch]]:
    items = candidates.candidates(out, list(config.sources))
    rate = min(1.0, sample_bytes / max(1, sum(item.bytes for item in items)))
    for item in items:
        for batch in candidates.batches(out, item, ["id", "language", "text"]):
            hashes = order(batch.column("id"), config.seed, "compare tokenizers")
            taken = batch.filter(pa.array(hashes.astype(np.float64) < rate * 2.0**64))
            if taken.num_rows:
                yield item.source, taken


def _count(one: Used, source: str, languages: npt.NDArray[np.object_], batch: pa.RecordBatch) -> None:
    encoded = one.encoder.encode(batch.column("id"), batch.column("text"))
    lengths = np.diff(encoded.offsets.to_numpy())
    for language in sorted(set(languages)):
        one.tokens[source, language] += int(lengths[languages == language].sum())
    counts = np.bincount(encoded.values.to_numpy(), minlength=len(one.ids))
    one.ids += counts
    one.single_bytes += int(counts[sorted(one.encoder.tokenizer.byte_ids)].sum())


def _bytes_a_token(title: str, place: int, sizes: Counter[tuple[str, str]], found: list[Used]) -> Table:
    table = Table("", "MB", *(one.name for one in found), title=f"bytes a token by {title}")
    by_key: Counter[str] = Counter()
    for key, size in sizes.items():
        by_key[key[place]] += size
    for name, size in by_key.most_common(LANGUAGES):
        tokens = [sum(n for key, n in one.tokens.items() if key[place] == name) for one in found]
        table.add_row(name, f"{size / 1e6:.1f}", *(f"{size / max(1, n):.2f}" for n in tokens))
    return table


def _vocabularies(found: list[Used]) -> Table:
    table = Table("", "tokens", "single bytes", "vocabulary", "never used", title="vocabularies")
    for one in found:
        total = max(1, int(one.ids.sum()))
        unused = float((one.ids == 0).mean())
        table.add_row(
            one.name, f"{total:,}", f"{one.single_bytes / total:.2%}", f"{len(one.ids):,}", f"{unused:.1%}"
        )
    return table
