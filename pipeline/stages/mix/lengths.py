"""Lengths: extracts from tokenized documents what mixing needs: their order and their numbers of tokens."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.seeded import order, share_of
from massivetext.pipeline.config.split import Split
from massivetext.pipeline.config.together import Together
from massivetext.pipeline.runtime.parts import Step, records
from massivetext.pipeline.runtime.steps import Worked
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.mix.rows import LENGTH
from massivetext.pipeline.stages.mix.together import joined, places
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.storage.arrays import Array
from massivetext.pipeline.storage.files import Written
from massivetext.pipeline.storage.output import Output

STEP = "mix/lengths"
BINS = 4096  # the bins into which the upper bits of the order are divided
BLOCK_TOKENS = 1 << 24  # tokens that are sorted by shard in memory at a time
_SHIFT = np.uint64(64 - 12)


@dataclass(frozen=True)
class TokensPart:
    """The item of a part: one file of tokens/."""

    part: int
    source: str
    holds: str = ""  # the hash of the file
    documents: str = ""  # the hash of the file of documents/, if the mix depends on its columns


@dataclass(frozen=True)
class Batch:
    """The item of a part: some files of tokens/ that together fill a block."""

    part: int
    items: tuple[TokensPart, ...]


def in_batches(items: Sequence[TokensPart], tokens: Sequence[int]) -> Iterator[Batch]:
    """Groups neighbouring files until they hold enough tokens for a block. Blocks are smaller if cores would be
    idle."""
    wanted = min(BLOCK_TOKENS, max(1 << 20, sum(tokens) // 64))
    held: list[TokensPart] = []
    number = size = 0
    for item, count in zip(items, tokens, strict=True):
        held.append(item)
        size += count
        if size >= wanted:
            yield Batch(number, tuple(held))
            held, number, size = [], number + 1, 0
    if held:
        yield Batch(number, tuple(held))


def _lengths(part: int, stratum: int) -> str:
    return layout.work(STEP, f"lengths-{part:05d}{_of(stratum)}.bin")


def _histogram(part: int, stratum: int) -> str:
    return layout.work(STEP, f"histogram-{part:05d}{_of(stratum)}.npy")


def _of(stratum: int) -> str:
    return f"-{stratum}" if stratum else ""


def _held_out(part: int) -> str:
    return layout.work(STEP, f"held-out-{part:05d}.bin")


@dataclass(frozen=True)
class Measure:
    """Works on one part of tokens/: writes its documents by order, and the documents and tokens in each bin of the
    order.

    Each stratum of a split source has its own files. So has the share of documents that is held out for validation,
    which a seeded hash of their ids chooses. Figures: training, also by stratum; held_out (documents and tokens).
    """

    out: str = field(repr=False)
    seed: int
    validation: float
    splits: Mapping[str, Split] = field(default_factory=dict)
    together: Mapping[str, Together] = field(default_factory=dict)

    def settings(self, item: TokensPart) -> object:
        return self.seed, self.validation, self.splits.get(item.source), self.together.get(item.source)

    def __call__(self, item: TokensPart, output: Output) -> Tally:
        blocks, held_out, first = [np.empty(0, LENGTH)], [np.empty(0, LENGTH)], 0
        split = self.splits.get(item.source)
        numbers = [np.empty(0, np.int64)]
        stratum_of = _strata(self.out, item, split) if split else None
        together = self.together.get(item.source)
        places_of = places(self.out, item.source, item.part, together) if together else None
        path = f"{self.out}/{layout.tokens(item.source, item.part)}"
        for batch in parquet.batches(path, ["id", "length"]):
            rows = np.empty(batch.num_rows, LENGTH)
            groups, place = places_of(batch.column("id")) if places_of else (batch.column("id"), None)
            hashes = order(groups, self.seed, "epoch")
            rows["order"] = hashes if place is None else joined(hashes, place)
            rows["row"] = np.arange(first, first + batch.num_rows)
            rows["tokens"] = batch.column("length").to_numpy()
            first += batch.num_rows
            is_held_out = share_of(order(groups, self.seed, "validation"), self.validation)
            blocks.append(rows[~is_held_out])
            if stratum_of is not None:
                numbers.append(stratum_of(batch.column("id"))[~is_held_out])
            held_out.append(rows[is_held_out])
        rows, held, tally = np.concatenate(blocks), np.concatenate(held_out), Tally()
        if split is None:
            self._write(item.part, 0, rows, output)
        else:
            every = np.concatenate(numbers)
            for number, name in enumerate(split.weights):
                own = rows[every == number]
                self._write(item.part, number, own, output)
                tokens = int(own["tokens"].sum(dtype=np.int64))
                tally.add(item.source, Figure.TRAINING, name, len(own), tokens=tokens)
        with output.file(_held_out(item.part)) as stream:
            stream.write(held)
        for figure, found in ((Figure.TRAINING, rows), (Figure.HELD_OUT, held)):
            tally.add(item.source, figure, "", len(found), tokens=int(found["tokens"].sum(dtype=np.int64)))
        return tally

    def _write(self, part: int, stratum: int, rows: Array, output: Output) -> None:
        """Write the documents of a stratum by order, and the documents and tokens in each bin of the order."""
        rows = np.sort(rows, order=("order", "row"))
        bins = (rows["order"] >> _SHIFT).astype(np.int64)
        counts = np.bincount(bins, minlength=BINS)
        tokens = np.bincount(bins, weights=rows["tokens"], minlength=BINS).astype(np.int64)
        with output.file(_lengths(part, stratum)) as stream:
            stream.write(rows)
        buffer = io.BytesIO()
        np.save(buffer, np.stack([counts, tokens]))
        with output.file(_histogram(part, stratum)) as stream:
            stream.write(buffer.getvalue())


def parts(measure: Measure) -> list[TokensPart]:
    """Returns the files of tokens/ to measure."""
    found, hashes = [], {}
    if measure.splits or measure.together:
        hashes = {each.path: each.sha256 for each in _files(measure.out, names.CURATE)}
    for each in _files(measure.out, names.TOKENIZE):
        part, source = layout.part_of(each.path), layout.source_of(each.path)
        needs_documents = source in measure.splits or source in measure.together
        documents = hashes[layout.documents(source, part)] if needs_documents else ""
        found.append(TokensPart(part, source, each.sha256, documents))
    return sorted(found, key=lambda item: item.part)


def _files(out: str, step: str) -> Iterator[Written]:
    return (each for record in records(out, step) for each in record.files)


def plan(measure: Measure) -> Worked:
    """Plans the step, once the files of tokens/ are written."""
    return Worked(Step.of(STEP, measure), parts(measure))


def _strata(out: str, item: TokensPart, split: Split) -> Callable[[pa.StringArray], npt.NDArray[np.int64]]:
    """Returns a function from ids of documents of a part to the numbers of their strata."""
    table = parquet.read(
        f"{out}/{layout.documents(item.source, item.part)}", ["id", split.by]
    ).combine_chunks()
    ids, numbers = table.column("id"), split.numbers(table.column(split.by).combine_chunks())
    return lambda wanted: numbers[pc.index_in(wanted, ids).to_numpy(zero_copy_only=False)]


def lengths(out: str, part: int, stratum: int = 0) -> Array:
    """Returns the training documents of a part, or of a stratum of it, by order."""
    return np.frombuffer(files.read_bytes(f"{out}/{_lengths(part, stratum)}"), LENGTH)


def held_out(out: str, part: int) -> Array:
    """Returns the validation documents of a part."""
    return np.frombuffer(files.read_bytes(f"{out}/{_held_out(part)}"), LENGTH)


def histogram(out: str, part: int, stratum: int = 0) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Returns the documents and tokens of each bin: int64[2, BINS]."""
    return np.load(io.BytesIO(files.read_bytes(f"{out}/{_histogram(part, stratum)}")))  # type: ignore[no-any-return]


def in_bin(out: str, part: int, bin_: int, stratum: int = 0) -> Array:
    """Reads the documents of one bin of a part, by order, and no others."""
    counts = np.concatenate([[0], np.cumsum(histogram(out, part, stratum)[0])])
    with files.open_read(f"{out}/{_lengths(part, stratum)}") as stream:
        stream.seek(int(counts[bin_]) * LENGTH.itemsize)
        size = int(counts[bin_ + 1] - counts[bin_]) * LENGTH.itemsize
        return np.frombuffer(stream.read(size), LENGTH)
