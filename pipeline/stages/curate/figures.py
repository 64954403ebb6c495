"""Counts the figures of curate, batch by batch."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.families import columns
from massivetext.filters.families.family import Mask, Rule
from massivetext.filters.histogram import bins
from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.schemas.measurement import CHARACTERS, CODE, MASKED, MEASUREMENT, READINGS


def measured() -> tuple[str, ...]:
    """Returns the names of the columns that get a histogram."""
    schemas = (MEASUREMENT, READINGS, CODE, CHARACTERS, MASKED, columns())
    return ("language_probability", *(column.name for schema in schemas for column in schema))


def count_failures(tally: Tally, source: str, failures: pa.RecordBatch) -> None:
    if failures.num_rows:
        size = int(pc.sum(failures.column("bytes")).as_py())
        tally.add(source, Figure.FAILED, "", failures.num_rows, size)
        tally.add(source, Figure.READ, "", failures.num_rows, size)


def count_skipped(tally: Tally, source: str, skipped: Mapping[str, tuple[int, int]]) -> None:
    """Count skipped records, which hold no document. `skipped` has the records and their bytes by kind."""
    for kind, (records, size) in skipped.items():
        tally.add(source, Figure.SKIPPED, kind, records, size)


def count_measured(tally: Tally, source: str, batch: pa.RecordBatch) -> None:
    """Count the figures of a measured batch: read; sentences that the reader left out; language, by language;
    histogram, by `column:bin`.
    """
    sizes = text_bytes(batch)
    tally.add(source, Figure.READ, "", batch.num_rows, int(sizes.sum()))
    _count_left_out(tally, source, batch)
    _count_languages(tally, source, Figure.LANGUAGE, batch, np.ones(batch.num_rows, np.bool_), sizes)
    _count_histograms(tally, source, batch, sizes)


def _count_left_out(tally: Tally, source: str, batch: pa.RecordBatch) -> None:
    sentences = batch.column("sentences_left_out").fill_null(0).to_numpy(zero_copy_only=False)
    if documents := int(np.count_nonzero(sentences)):
        tally.add(source, Figure.SENTENCES_LEFT_OUT, "documents", documents)
        tally.add(source, Figure.SENTENCES_LEFT_OUT, "sentences", int(sentences.sum()))


def count_verdicts(
    tally: Tally, source: str, batch: pa.RecordBatch, rules: Sequence[Rule], verdicts: Mask
) -> None:
    """Count the figures of a judged batch, which needs no texts.

    They are: kept; by rule, removed (the first rule that a document breaks), broken (every rule that it breaks) and
    only (it breaks no other rule); by pair of rules, overlap; language_kept, by language.
    """
    sizes = batch.column("text_bytes").to_numpy()
    is_kept: Mask = np.logical_not(verdicts.any(axis=1))
    tally.add(source, Figure.KEPT, "", int(is_kept.sum()), int(sizes[is_kept].sum()))
    _count_rules(tally, source, rules, verdicts, sizes)
    _count_languages(tally, source, Figure.LANGUAGE_KEPT, batch, is_kept, sizes)


def _count_rules(
    tally: Tally, source: str, rules: Sequence[Rule], verdicts: Mask, sizes: npt.NDArray[np.int64]
) -> None:
    is_removed = verdicts.any(axis=1)
    if not is_removed.any():
        return
    broken = verdicts[is_removed].astype(np.int64)
    first = np.zeros_like(broken)
    first[np.arange(len(broken)), broken.argmax(axis=1)] = 1
    alone = broken.sum(axis=1, keepdims=True) == 1
    weights = np.stack([np.ones(len(broken), np.int64), sizes[is_removed]])  # documents, bytes
    counted = {
        Figure.REMOVED: weights @ first,
        Figure.BROKEN: weights @ broken,
        Figure.ONLY: weights @ (broken * alone),
    }
    for figure, (documents, size) in counted.items():
        for index in np.flatnonzero(documents).tolist():
            tally.add(source, figure, rules[index].name, int(documents[index]), int(size[index]))
    documents_of_two, size_of_two = ((broken.T * weight) @ broken for weight in weights)
    for index, other in np.argwhere(np.triu(documents_of_two, 1)).tolist():
        both = f"{rules[index].name} {rules[other].name}"
        counts = int(documents_of_two[index, other]), int(size_of_two[index, other])
        tally.add(source, Figure.OVERLAP, both, *counts)


def _count_languages(
    tally: Tally,
    source: str,
    figure: Figure,
    batch: pa.RecordBatch,
    chosen: Mask,
    sizes: npt.NDArray[np.int64],
) -> None:
    encoded = batch.column("language").dictionary_encode(null_encoding="encode")
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    for code, language in enumerate(encoded.dictionary.to_pylist()):
        tally.add_selected(source, figure, language or "", chosen & (codes == code), sizes)


def _count_histograms(tally: Tally, source: str, batch: pa.RecordBatch, sizes: npt.NDArray[np.int64]) -> None:
    for column in measured():
        array = batch.column(column)
        if array.null_count == batch.num_rows:  # measurements of prose in a source of code
            continue
        found = bins(column, array.to_numpy(zero_copy_only=False).astype(np.float64))
        is_measured = found >= 0
        documents = np.bincount(found[is_measured])
        weight = np.bincount(found[is_measured], weights=sizes[is_measured])
        for index in np.nonzero(documents)[0]:
            tally.add(
                source, Figure.HISTOGRAM, f"{column}:{index}", int(documents[index]), int(weight[index])
            )
