"""Spreads the elements of a pipeline over all workers."""

import posixpath
from collections.abc import Sequence
from typing import Any

import apache_beam as beam
import orjson
from apache_beam.pvalue import PCollection
from pydantic import TypeAdapter

from massivetext.pipeline.storage import files

_INLINE_BYTES = 1 << 20  # bytes of elements that a pipeline itself may hold, since services limit its size


def spread(
    out: str, step: str, pipeline: beam.Pipeline, elements: Sequence[Any], inline: int = _INLINE_BYTES
) -> PCollection[Any]:
    """Returns the elements spread over all workers. Without the reshuffle they would stay on the worker that made
    them."""
    kinds = list(dict.fromkeys(map(type, elements)))
    whole = _written(elements, kinds)
    if len(whole) > inline:
        name = f"{files.TEMPORARY}/{step.replace('/', '-')}.elements"
        files.write_bytes(out, name, whole)
        path = pipeline | "Where" >> beam.Create([posixpath.join(out, name)])
        made = path | "Elements" >> beam.FlatMap(_read, kinds)
    else:
        made = pipeline | "Elements" >> beam.Create(elements)
    spread_out: PCollection[Any] = made | "Spread" >> beam.Reshuffle()
    return spread_out


def _written(elements: Sequence[Any], kinds: list[type]) -> bytes:
    """Returns elements as JSON, not as pickles: whoever can write to OUT must not be able to run code on a worker."""
    numbers = {kind: number for number, kind in enumerate(kinds)}
    types = [TypeAdapter[Any](kind) for kind in kinds]
    placed = [(numbers[type(each)], each) for each in elements]
    whole = orjson.dumps([(number, types[number].dump_python(each, mode="json")) for number, each in placed])
    if _parsed(whole, kinds) != list(elements):
        raise TypeError(f"not all of {', '.join(kind.__name__ for kind in kinds)} can be written as JSON")
    return whole


def _read(path: str, kinds: list[type]) -> list[Any]:
    return _parsed(files.read_bytes(path), kinds)


def _parsed(whole: bytes, kinds: list[type]) -> list[Any]:
    types = [TypeAdapter[Any](kind) for kind in kinds]
    return [types[number].validate_python(value) for number, value in orjson.loads(whole)]
