"""The stages as Beam PTransforms for your own pipelines. They take batches of documents, and return them with more
columns.

A batch is a `pyarrow.RecordBatch` of some hundred documents with the columns `id` and `text`; other columns stay.
See docs/library.md, and examples/pipeline.py.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
from apache_beam.pvalue import PCollection

from massivetext.filters.judge import judge, reasons
from massivetext.filters.language.language import identify
from massivetext.filters.measure.measure import measure
from massivetext.filters.seeded import order
from massivetext.filters.similarity.fingerprint import fingerprints
from massivetext.filters.similarity.minhash import PERMUTATIONS, signatures
from massivetext.pipeline.config.load import Loaded
from massivetext.pipeline.config.rules import rules_of
from massivetext.pipeline.config.tokenizer import Tokenizer as TokenizerSettings
from massivetext.pipeline.stages.tokenize.encode import Encoder
from massivetext.pipeline.storage import files
from massivetext.pipeline.tokenizers.open import open_tokenizer

__all__ = ["Batches", "DropCopies", "Judge", "Measure", "Sign", "Tokenize"]

_Batches = PCollection[Any]


class Batches(beam.PTransform[Any, Any]):
    """Makes batches of documents, which are dictionaries with the same keys, among them `id` and `text`."""

    def __init__(self, size: int = 500) -> None:
        super().__init__()
        self._size = size

    def expand(self, documents: _Batches) -> _Batches:
        made: _Batches = (
            documents
            | "Gather" >> beam.BatchElements(min_batch_size=self._size, max_batch_size=self._size)
            | "Batch" >> beam.Map(_batch)
        )
        return made


def _batch(documents: list[dict[str, object]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(documents)


class Measure(beam.PTransform[Any, Any]):
    """Adds the columns of language identification and every measurement of quality and repetition."""

    def expand(self, batches: _Batches) -> _Batches:
        made: _Batches = batches | "Measure" >> beam.Map(_measured)
        return made


def _measured(batch: pa.RecordBatch) -> pa.RecordBatch:
    language = identify(batch)
    labelled = batch.append_column("language", language.column("language"))
    return _with(batch, *_columns(language), *_columns(measure(labelled)))


class Judge(beam.PTransform[Any, Any]):
    """Adds `removed_by`, the first rule that a measured document breaks, and `failed_rules`, all of them.

    The rules are those that a configuration has for one of its sources: limits on the measurements of Measure, and the
    rule on languages; other rules are ignored. `drops` leaves out documents that break a rule.
    """

    def __init__(self, configuration: Loaded, source: str, drops: bool = False) -> None:
        super().__init__()
        self._rules, self._drops = rules_of(configuration.config, source), drops

    def expand(self, batches: _Batches) -> _Batches:
        made: _Batches = batches | "Judge" >> beam.Map(_judged, self._rules, self._drops)
        return made


def _judged(batch: pa.RecordBatch, rules: Any, drops: bool) -> pa.RecordBatch:  # Beam cannot check protocols
    there = [rule for rule in rules if set(rule.columns) <= set(batch.schema.names)]
    removed_by, failed_rules = reasons(judge(batch, there), there)
    found = _with(batch, ("removed_by", removed_by), ("failed_rules", failed_rules))
    return found.filter(removed_by.is_null()) if drops else found


class Sign(beam.PTransform[Any, Any]):
    """Adds `fingerprint`, which is the same for copies of a text, and the MinHash `signature` for near duplicates."""

    def __init__(self, permutations: int = PERMUTATIONS) -> None:
        super().__init__()
        self._permutations = permutations

    def expand(self, batches: _Batches) -> _Batches:
        made: _Batches = batches | "Sign" >> beam.Map(_signed, self._permutations)
        return made


def _signed(batch: pa.RecordBatch, permutations: int) -> pa.RecordBatch:
    signature = signatures(batch, permutations).cast(pa.list_(pa.uint32()))
    return _with(batch, ("fingerprint", fingerprints(batch)), ("signature", signature))


class DropCopies(beam.PTransform[Any, Any]):
    """Drops all but one of the signed documents with the same text, and keeps the first in a seeded order of their ids.

    Only fingerprints and ids are grouped. The ids to drop are then a side input of the batches.
    """

    def __init__(self, seed: int = 17) -> None:
        super().__init__()
        self._seed = seed

    def expand(self, batches: _Batches) -> _Batches:
        copies = (
            batches
            | "Ids" >> beam.FlatMap(_ids, self._seed)
            | "By text" >> beam.GroupByKey()
            | "All but the first" >> beam.FlatMap(_copies)
        )
        made: _Batches = batches | "Drop" >> beam.Map(_without, beam.pvalue.AsList(copies))
        return made


def _ids(batch: pa.RecordBatch, seed: int) -> Iterator[tuple[bytes, tuple[int, str]]]:
    ids = batch.column("id")
    placed = zip(order(ids, seed, "exact").view(np.int64).tolist(), ids.to_pylist(), strict=True)
    return zip(batch.column("fingerprint").to_pylist(), placed, strict=True)


def _copies(group: tuple[bytes, Iterable[tuple[int, str]]]) -> list[str]:
    return [id_ for _, id_ in sorted(group[1])[1:]]


def _without(batch: pa.RecordBatch, copies: list[str]) -> pa.RecordBatch:
    gone = set(copies)
    return batch.filter(pa.array([id_ not in gone for id_ in batch.column("id").to_pylist()]))


class Tokenize(beam.PTransform[Any, Any]):
    """Adds `tokens`, the ids of each text by a SentencePiece model or a tokenizer.json, with BOS and EOS if asked."""

    def __init__(self, model: str, *, bos: bool = False, eos: bool = False) -> None:
        super().__init__()
        self._work = _Encode(files.read_bytes(model), model.endswith(".json"), bos, eos)

    def expand(self, batches: _Batches) -> _Batches:
        made: _Batches = batches | "Tokenize" >> beam.ParDo(self._work)
        return made


class _Encode(beam.DoFn):
    def __init__(self, model: bytes, is_json: bool, bos: bool, eos: bool) -> None:
        self._model, self._is_json, self._bos, self._eos = model, is_json, bos, eos
        self._encoder: Encoder | None = None

    def setup(self) -> None:
        settings = TokenizerSettings(model="tokenizer.json" if self._is_json else "tokenizer.model")
        tokenizer = open_tokenizer(self._model, settings)
        self._encoder = Encoder(tokenizer, seed=0, bos=self._bos, eos=self._eos)

    def process(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        assert self._encoder is not None, "Beam calls setup first"
        yield _with(batch, ("tokens", self._encoder.encode(batch.column("id"), batch.column("text"))))


def _columns(batch: pa.RecordBatch) -> list[tuple[str, pa.Array]]:
    return list(zip(batch.schema.names, batch.columns, strict=True))


def _with(batch: pa.RecordBatch, *added: tuple[str, pa.Array]) -> pa.RecordBatch:
    """Returns a batch with more columns. They replace columns of the same name."""
    names = {name for name, _ in added}
    kept = [(name, column) for name, column in _columns(batch) if name not in names]
    columns = [*kept, *added]
    return pa.RecordBatch.from_arrays([column for _, column in columns], names=[name for name, _ in columns])
