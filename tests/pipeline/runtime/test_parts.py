"""Parts: worked on once, recorded last, and never lost."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from massivetext.pipeline.runtime.doing import has_come_to
from massivetext.pipeline.runtime.parts import StageError, Step, finished, read_record, unfinished
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.runtime.versions import versions
from massivetext.pipeline.runtime.work_on import WorkOn
from massivetext.pipeline.storage import layout
from massivetext.pipeline.storage.output import Output


@dataclass(frozen=True)
class Number:
    part: int
    value: str


@dataclass
class Write:
    """Writes a file with the item's value; refuses `bad`."""

    worked: list[int] = field(repr=False)

    def __call__(self, item: Number, output: Output) -> Tally:
        self.worked.append(item.part)
        with output.file(f"values/{item.part}") as stream:
            stream.write(item.value.encode())
        if item.value == "bad":
            raise ValueError("this value cannot be worked on")
        tally = Tally()
        tally.add("s", "read", "", 1, len(item.value))
        return tally


STEP = Step("stage", Write([]))


def work(out: Path, items: list[Number], code: str = "") -> list[int]:
    """Work on what is unfinished; returns the parts that were worked on."""
    write = Write([])
    step = Step("stage", write, code=code)
    function = WorkOn(str(out), step)
    for item in unfinished(str(out), step, items):
        list(function.process(item))
    return write.worked


ITEMS = [Number(0, "zero"), Number(1, "one")]


def test_a_finished_part_is_not_worked_on_again(tmp_path: Path):
    assert work(tmp_path, ITEMS) == [0, 1]
    assert work(tmp_path, ITEMS) == []
    assert [record.part for record in finished(str(tmp_path), STEP, ITEMS)] == [0, 1]


def test_a_part_is_worked_on_again_when_its_item_or_the_stage_has_changed(tmp_path: Path):
    work(tmp_path, ITEMS)
    assert work(tmp_path, [ITEMS[0], Number(1, "uno")]) == [1]
    assert work(tmp_path, [ITEMS[0], Number(1, "uno")], code="other") == [0, 1]


def test_a_record_says_what_was_written_and_counted(tmp_path: Path):
    work(tmp_path, ITEMS)
    record = read_record(str(tmp_path), "stage", 1)
    assert record is not None
    assert [(written.path, written.bytes) for written in record.files] == [("values/1", 3)]
    assert [(row.figure, row.documents, row.bytes) for row in record.rows] == [("read", 1, 3)]


@dataclass(frozen=True)
class Model:
    """Writes a tokenizer, which carries no checksums."""

    def __call__(self, item: Number, output: Output) -> Tally:
        with output.file(layout.tokenizer(is_json=False)) as stream:
            stream.write(item.value.encode())
        return Tally()


def test_a_tokenizer_of_which_a_bit_is_another_is_made_again(tmp_path: Path):
    step, items = Step("tokenizer", Model()), [Number(0, "model")]
    list(WorkOn(str(tmp_path), step).process(items[0]))
    assert unfinished(str(tmp_path), step, items) == []
    (tmp_path / layout.tokenizer(is_json=False)).write_bytes(b"modem")
    assert unfinished(str(tmp_path), step, items) == items


def test_a_part_that_fails_harms_no_other_and_is_named(tmp_path: Path):
    items = [Number(0, "bad"), *ITEMS[1:]]
    assert work(tmp_path, items) == [0, 1]
    with pytest.raises(StageError) as error:
        finished(str(tmp_path), STEP, items)
    assert "1 of 2 parts could not be finished" in str(error.value)
    assert "Number(part=0, value='bad')" in str(error.value)
    assert "this value cannot be worked on" in str(error.value)
    assert work(tmp_path, items) == [0], "the finished part is kept"


def test_of_parts_that_fail_one_is_named_that_could_say_why(tmp_path: Path):
    """On a full disk the first may have left no error."""
    items = [Number(0, "bad"), Number(1, "bad")]
    work(tmp_path, items)
    first, second = sorted(tmp_path.rglob("part-*.error"))
    first.unlink()
    with pytest.raises(
        StageError, match=r"(?s)One of them: Number\(part=1, .*this value cannot be worked on"
    ):
        finished(str(tmp_path), STEP, items)
    second.unlink()
    with pytest.raises(StageError, match=r"(?s)The first: Number\(part=0, .*is the folder full"):
        finished(str(tmp_path), STEP, items)


def test_a_worker_of_another_version_writes_nothing_and_says_which(tmp_path: Path):
    write = Write([])
    step = Step("stage", write)
    function = WorkOn(str(tmp_path), step, versions={**versions(), "numpy": "1.0", "absent": "3"})
    list(function.process(ITEMS[0]))
    assert write.worked == []
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name == "values"] == []
    with pytest.raises(StageError, match=rf"numpy {versions()['numpy']}, not 1\.0, absent absent, not 3"):
        finished(str(tmp_path), STEP, ITEMS[:1])


def test_a_worker_of_another_python_of_the_same_code_is_taken(tmp_path: Path):
    function = WorkOn(str(tmp_path), Step("stage", Write([])), versions={**versions(), "python": "3.99"})
    list(function.process(ITEMS[0]))
    assert read_record(str(tmp_path), "stage", 0) is not None


@dataclass(frozen=True)
class Hungry:
    """Work for which there is not enough memory."""

    def __call__(self, item: Number, _output: Output) -> Tally:
        has_come_to(f"byte 7 of {item.value}")
        raise MemoryError


def test_an_item_for_which_memory_is_too_little_names_its_document(tmp_path: Path):
    items = [Number(0, "a.jsonl")]
    step = Step("stage", Hungry())
    list(WorkOn(str(tmp_path), step).process(items[0]))
    told = r"(?m)^out of memory in stage, part 00000000, at byte 7 of a.jsonl: use fewer workers.*$"
    with pytest.raises(StageError, match=told) as error:
        finished(str(tmp_path), step, items)
    assert "Traceback" not in str(error.value)
