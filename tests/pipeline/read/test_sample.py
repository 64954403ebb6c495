"""A seeded share of a source's records: the same whoever reads them."""

import json
from pathlib import Path

from massivetext.pipeline.read.batches import read
from massivetext.pipeline.read.divide import divide
from massivetext.pipeline.read.sample import FILES, Taken, sampled
from massivetext.pipeline.read.settings import COLUMNS, LIMITS
from massivetext.pipeline.storage.origin import Origin


def origins(count: int) -> list[Origin]:
    return [Origin(f"{number:05}.jsonl", "", 1000) for number in range(count)]


def share(found: list[Origin]) -> float:
    (sample,) = {origin.sample for origin in found}
    assert sample is not None
    return sample.share


def test_of_many_files_some_are_read() -> None:
    few, some, many = (sampled(origins(count), 0.01, 17) for count in (10, 1000, 10_000))
    assert (len(few), len(some), len(many)) == (10, FILES, 100)
    assert share(few) == 0.01
    assert abs(share(some) * FILES - 10) < 1e-9
    assert share(many) == 1
    assert [origin.name for origin in many] == sorted(origin.name for origin in many)
    assert sampled(origins(1000), 0.01, 18) != some


def test_records_are_taken_by_hashes_of_their_ids() -> None:
    (origin,) = sampled(origins(1), 0.1, 17)
    taken = {offset for offset in range(10_000) if Taken("a", origin)(offset)}
    assert 900 < len(taken) < 1100
    assert taken != {offset for offset in range(10_000) if Taken("b", origin)(offset)}
    (more,) = sampled(origins(1), 0.2, 17)
    assert taken < {offset for offset in range(10_000) if Taken("a", more)(offset)}


def test_spans_take_the_same_records(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"text": f"text {n}"}) + "\nbad\n" for n in range(2000)))
    sample = sampled([Origin("a.jsonl", str(path), path.stat().st_size)], 0.1, 17)

    def ids(parts: list[Origin]) -> tuple[list[str], int]:
        found = list(read("a", "text", parts, LIMITS, COLUMNS))
        documents = [name for reading in found for name in reading.documents["id"].to_pylist()]
        return documents, sum(reading.failures.num_rows for reading in found)

    documents, failed = ids(sample)
    assert 150 < len(documents) < 250
    assert 150 < failed < 250
    assert ids(divide("text", sample, 9000)) == (documents, failed)
    every, _ = ids([Origin("a.jsonl", str(path), path.stat().st_size)])
    assert set(documents) < set(every)
