"""Stream the Parquet shards of a finished run by Hugging Face's `datasets`, as PyTorch batches.

    python examples/stream.py OUT [--batches 3] [--batch 4]

It needs `pip install datasets torch`. The class `Shards` is what torchtitan takes for a dataset: an iterable of
({"input": tokens}, labels) that can say where it is, and go on there.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from datasets import load_dataset
from datasets.distributed import split_dataset_by_node
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset


class Shards(IterableDataset):
    """The sequences of OUT/shards/parquet, split among `ranks` readers; each is an input and the labels after it.

    Sequences are shuffled already, over all shards. Padding and the first token of a document are no labels: -100.
    """

    def __init__(self, out: Path, rank: int = 0, ranks: int = 1) -> None:
        files = sorted(str(path) for path in (out / "shards" / "parquet").glob("shard-*.parquet"))
        streamed = load_dataset("parquet", data_files=files, split="train", streaming=True)
        self._data = split_dataset_by_node(streamed, rank, ranks)

    def __iter__(self) -> Iterator[tuple[dict[str, Tensor], Tensor]]:
        for row in self._data:
            tokens = torch.tensor(row["input_ids"])
            labels = tokens.clone()
            ends = torch.tensor(row["document_lengths"]).cumsum(0)
            labels[ends[ends < len(labels)]] = -100
            labels[ends[-1] :] = -100
            yield {"input": tokens[:-1]}, labels[1:]

    def state_dict(self) -> dict[str, Any]:
        """Where the reader is: for a checkpoint."""
        return {"data": self._data.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where a checkpoint was."""
        self._data.load_state_dict(state["data"])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--batches", type=int, default=3)
    arguments.add_argument("--batch", type=int, default=4)
    options = arguments.parse_args()

    loader = iter(DataLoader(Shards(options.out), batch_size=options.batch))
    for number in range(options.batches):
        inputs, labels = next(loader)
        counted = int((labels >= 0).sum())
        print(f"batch {number}: input {tuple(inputs['input'].shape)}, {counted:,} labels")

    # A checkpoint after two sequences, and the third from there.
    reader, again = Shards(options.out), Shards(options.out)
    rows = iter(reader)
    for _ in range(2):
        next(rows)
    again.load_state_dict(reader.state_dict())
    assert torch.equal(next(rows)[0]["input"], next(iter(again))[0]["input"]), "another sequence"
    print("after a checkpoint the next sequence is the same")


if __name__ == "__main__":
    main()
