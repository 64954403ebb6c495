"""Shuffle: brings blocks of rows to the worker that groups them.

A distributed runner moves the blocks themselves, and keeps them on disk. Beam's local runner would keep them in the
memory of the command. So on one machine each worker writes its blocks to files, and Beam groups only their places. All
cores work, and memory does not grow with the rows.

The work on an element writes one file with all its blocks. A run that was killed goes on from these files: no worker
works again on an element that has one.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from massivetext.pipeline.runtime.keys import key_of
from massivetext.pipeline.storage import block_file, files, layout

FOLDER = "rows"  # in the folder of a step

Place = tuple[str, int, int, int]
"""A block of a file: the name of the file in the folder, and the block's place in it (see block_file.Place)."""


@dataclass
class Shuffle:
    """Beam's own shuffle, or a shuffle by files in a folder of this machine."""

    folder: str | None = None
    _works: int = field(default=0, init=False)

    def work(self, work: beam.DoFn) -> Any:  # Beam's ParDo, with any types
        """Returns the transform that works on blocks, or on elements from which blocks are made. A block is a key and
        bytes."""
        if self.folder is None:
            return beam.ParDo(work)
        self._works += 1
        return beam.ParDo(_InFiles(work, self.folder, f"{self._works:02d}"))


def on_this_machine(out: str, step: str, key: str) -> Shuffle:
    """Returns a shuffle by files for a step. It uses files of an earlier run with the same key, and deletes others."""
    if files.is_remote(out):
        return Shuffle(tempfile.mkdtemp(prefix="massivetext-rows-"))
    folder = os.path.join(out, layout.work(step, FOLDER), key)
    if not os.path.isdir(folder):
        files.delete_tree(os.path.join(out, layout.work(step, "")))
        os.makedirs(folder)
    return Shuffle(folder)


def drop(shuffle: Shuffle) -> None:
    """Delete the files of a finished shuffle."""
    if shuffle.folder is not None:
        shutil.rmtree(shuffle.folder)
        if os.path.basename(parent := os.path.dirname(shuffle.folder)) == FOLDER:
            os.rmdir(parent)


class _InFiles(beam.DoFn):
    """Reads the blocks at the places in its elements, gives them to `work`, and writes the blocks that it yields."""

    def __init__(self, work: beam.DoFn, root: str, name: str) -> None:
        self._work, self._root, self._name = work, root, name

    def setup(self) -> None:
        os.makedirs(os.path.join(self._root, self._name), exist_ok=True)
        self._work.setup()

    def process(self, element: Any) -> Iterator[Any]:
        name = os.path.join(self._name, key_of(element[0] if isinstance(element, tuple) else element))
        if not os.path.exists(os.path.join(self._root, name)):
            self._make(name, element)
        index: list[tuple[str | None, int | str | None, Any]] = block_file.index(
            os.path.join(self._root, name)
        )
        for tag, key, value in index:
            output = value if key is None else (key, (name, *value))
            yield output if tag is None else TaggedOutput(tag, output)

    def _make(self, name: str, element: Any) -> None:
        with block_file.write(os.path.join(self._root, name)) as file:
            for output in self._work.process(self._read(element)):
                tag, value = (
                    (output.tag, output.value) if isinstance(output, TaggedOutput) else (None, output)
                )
                if isinstance(value, tuple):
                    key, block = value
                    file.add(tag, key, block)
                else:
                    file.index.append((tag, None, value))

    def _read(self, element: Any) -> Any:
        """Returns the element with bytes in place of places."""
        if isinstance(element, tuple):
            key, value = element
            return key, self._bytes(value)
        return element

    def _bytes(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._bytes(each) for name, each in value.items()}
        if isinstance(value, tuple):
            return self._block(value)
        if isinstance(value, Iterable):
            return map(self._block, value)
        return value

    def _block(self, place: Place) -> bytes:
        name, *at = place
        return block_file.read(os.path.join(self._root, name), *at)
