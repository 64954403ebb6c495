"""What every family of measurements does with a batch: give its kernel room, and make columns of its numbers.

A kernel measures documents one after another. It raises TableFullError when its hash table is too small for a
document, and then goes on from that document with a larger table. Its arrays are kept for the thread's next batch.
"""

import threading
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.scratch import Scratch, new_scratch
from massivetext.filters.kernels.table import TableFullError
from massivetext.filters.kernels.utf8 import views

LAST_EPOCH = 1 << 31
KEPT = 1 << 24
"""Bytes: the scratch of a batch with a longer document is not kept for the next batch."""

_kept = threading.local()


class Room(NamedTuple):
    """The arrays that kernels work in."""

    scratch: Scratch
    slots: np.ndarray  # uint64: the hash table's
    epochs: np.ndarray  # uint64[1]


Kernel = Callable[[np.ndarray, np.ndarray, Room, np.ndarray, np.ndarray], None]
"""Takes the offsets and bytes of texts, the room, a row of numbers for each document, and int64[1]: the document to
start with, which the kernel moves past each document that it has measured."""


def measure_documents(batch: pa.RecordBatch, kernel: Kernel, schema: pa.Schema) -> pa.RecordBatch:
    """The numbers that a kernel finds for each document's `text`, as the columns of a schema. A null text is empty."""
    offsets, data = views(batch["text"])
    size = int(np.diff(offsets).max(initial=0))
    room = _take_room(size)
    measured = np.zeros((len(batch), len(schema)))
    done = np.zeros(1, np.int64)
    while done[0] < len(batch):
        try:
            kernel(offsets, data, room, measured, done)
        except TableFullError:
            room = room._replace(slots=np.zeros(2 * len(room.slots), np.uint64))
    if size <= KEPT:
        _kept.room = room
    columns = np.ascontiguousarray(measured.T)
    arrays = [pa.array(values).cast(field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _take_room(size: int) -> Room:
    """This thread's room for documents of up to so many bytes."""
    room: Room | None = getattr(_kept, "room", None)
    if room is None or room.epochs[0] > LAST_EPOCH:
        room = Room(new_scratch(0), np.zeros(1 << 14, np.uint64), np.zeros(1, np.uint64))
    most = len(room.scratch.numbers)
    if 2 * most < size:
        room = room._replace(scratch=new_scratch(max(size, 4 * most)))
    return room
