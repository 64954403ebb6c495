"""Compares tokenizers on the documents that a run keeps: bytes per token, and the used part of each vocabulary."""

import posixpath
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.filters.seeded import order, share_of
from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.tokenizer import Tokenizer as Settings
from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.runtime.stage import Run
from massivetext.pipeline.stages.report.stats_mix import Tokenizers, TokenizerUse
from massivetext.pipeline.stages.tokenize.encode import Encoder
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.tokenizers.open import open_tokenizer, tokenizer_of_run
from massivetext.pipeline.tokenizers.protocol import Tokenizer

SAMPLE_BYTES = 16 << 20
LANGUAGES = 20  # the largest languages are shown, so many
STORED = "report/tokenizers.json"


class Named(NamedTuple):
    """A tokenizer, and its name in the report."""

    name: str
    tokenizer: Tokenizer


@dataclass
class _Used:
    """The counts of one tokenizer on the sample."""

    name: str
    encoder: Encoder
    tokens: Counter[tuple[str, str]] = field(default_factory=Counter)  # by source and language
    ids: npt.NDArray[np.int64] = field(init=False)  # how often each id occurs

    def __post_init__(self) -> None:
        self.ids = np.zeros(self.encoder.tokenizer.size, np.int64)

    def count(self, source: str, languages: npt.NDArray[np.object_], batch: pa.RecordBatch) -> None:
        encoded = self.encoder.encode(batch.column("id"), batch.column("text"))
        lengths = np.diff(encoded.offsets.to_numpy())
        for language in sorted(set(languages)):
            self.tokens[source, language] += int(lengths[languages == language].sum())
        self.ids += np.bincount(encoded.values.to_numpy(), minlength=len(self.ids))

    def use(self, sources: Sequence[str], languages: Sequence[str]) -> TokenizerUse:
        return TokenizerUse(
            name=self.name,
            tokens=int(self.ids.sum()),
            single_bytes=int(self.ids[sorted(self.encoder.tokenizer.byte_ids)].sum()),
            vocabulary=len(self.ids),
            unused=int((self.ids == 0).sum()),
            by_source={name: _sum(self.tokens, 0, name) for name in sources},
            by_language={name: _sum(self.tokens, 1, name) for name in languages},
        )


def opened(path: str, where: str = "") -> Named:
    """Open the tokenizer in a file. Raises ConfigError if the file holds none."""
    try:
        return Named(posixpath.basename(path), open_tokenizer(files.read_bytes(path), Settings(model=path)))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{where}{path}: {error}") from error


def compare(out: str, config: Config, tokenizers: Sequence[Named], sample_bytes: int) -> Tokenizers:
    """Encode a seeded sample of the kept documents with each tokenizer, and count."""
    found = [
        _Used(name, Encoder(tokenizer, seed=config.seed, eos=False, checked_share=0))
        for name, tokenizer in tokenizers
    ]
    sizes: Counter[tuple[str, str]] = Counter()
    for source, batch in _sample(out, config, sample_bytes):
        languages = np.array(batch.column("language").fill_null("none").to_pylist(), object)
        lengths = text_bytes(batch)
        for language in sorted(set(languages)):
            sizes[source, language] += int(lengths[languages == language].sum())
        for one in found:
            one.count(source, languages, batch)
    by_source, by_language = (
        {name: _sum(sizes, place, name) for name in sorted({key[place] for key in sizes})} for place in (0, 1)
    )
    largest = sorted(by_language, key=lambda name: -by_language[name])[:LANGUAGES]
    return Tokenizers(
        bytes_by_source=by_source,
        bytes_by_language={name: by_language[name] for name in largest},
        used=[one.use(list(by_source), largest) for one in found],
    )


def _sum(counts: Counter[tuple[str, str]], place: int, name: str) -> int:
    return sum(count for key, count in counts.items() if key[place] == name)


def _sample(out: str, config: Config, sample_bytes: int) -> Iterator[tuple[str, pa.RecordBatch]]:
    items = candidates.candidates(out, list(config.sources))
    rate = min(1.0, sample_bytes / max(1, sum(item.bytes for item in items)))
    for item in items:
        for batch in candidates.batches(out, item, ["id", "language", "text"]):
            taken = batch.filter(
                pa.array(share_of(order(batch.column("id"), config.seed, "compare tokenizers"), rate))
            )
            if taken.num_rows:
                yield item.source, taken


def configured(run: Run) -> list[tuple[str, str]]:
    """Returns the paths of `tokenizer.compare` and the hashes of their files. Raises ConfigError if one is none."""
    found = []
    for number, path in enumerate(run.config.tokenizer.compare or ()):
        key = ("tokenizer", "compare", number)
        resolved = inputs.existing(run.loaded, path, *key)
        opened(resolved, f"{run.loaded.where(*key)}: ")
        found.append((resolved, files.sha256(resolved)))
    return found


def store(run: Run) -> None:
    """Compare the run's own tokenizer with those of `tokenizer.compare`, if the configuration has the key."""
    config = run.config
    if config.tokenizer.compare is None or not files.exists(
        run.path(layout.tokenizer(config.tokenizer.is_json))
    ):
        return
    own = Named("this run's", tokenizer_of_run(run.out, config.tokenizer))
    others = [opened(path) for path, _ in configured(run)]
    found = compare(run.out, config, [own, *others], SAMPLE_BYTES)
    run.keep(files.write_bytes(run.out, STORED, found.model_dump_json().encode()))


def stored(out: str) -> Tokenizers | None:
    """Returns the comparison in the report of a run."""
    path = posixpath.join(out, STORED)
    return Tokenizers.model_validate_json(files.read_bytes(path)) if files.exists(path) else None
