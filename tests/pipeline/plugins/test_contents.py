"""What a plugin declares, and what is refused."""

from pathlib import Path

import pyarrow as pa
import pytest

from massivetext.filters.families import FAMILIES, documents, measure
from massivetext.filters.families.family import Limit
from massivetext.pipeline.plugins.find import opened
from massivetext.pipeline.plugins.guard import PluginError
from massivetext.pipeline.plugins.use import NONE, Plugins, use

HEAD = "import pyarrow as pa, pyarrow.compute as pc\nfrom massivetext.plugins import *\n"
HEAD += "def forever():\n    while True: pass\n"
LENGTH = HEAD + "A = Measurement('length', 'characters', lambda batch: {}, pa.int64(), maximum=9)\n"
RIGHT = LENGTH.format("pc.utf8_length(batch['text'])")
BATCH = pa.record_batch({"text": ["one", "two is longer", ""]})


@pytest.fixture(autouse=True)
def _none():
    yield
    use(NONE)


def plugin(folder: Path, source: str, seconds: float = 60) -> None:
    (folder / "my_rules.py").write_text(source)
    use(Plugins((opened(str(folder / "my_rules.py")),), seconds))


def test_a_measurement_is_a_family_of_its_files_name(tmp_path: Path) -> None:
    plugin(tmp_path, RIGHT)
    assert FAMILIES["my_rules"].limits == {"length": Limit(maximum=9)}
    assert documents().field("length").type == pa.int64()
    found = measure(BATCH)
    assert found.columns == [pa.array([3, 13, 0], pa.int64())]
    assert found.failed == {}
    use(NONE)
    assert "my_rules" not in FAMILIES
    assert "length" not in documents().names


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("[1, 2]", "`length` has 2 values for 3 documents"),
        ("['a'] * len(batch)", "`length` is no column of int64"),
        ("pa.array(['a'] * len(batch))", "`length` is measured as string: expected int64"),
        ("1 // 0", "ZeroDivisionError: integer division or modulo by zero (line 5)"),
        ("None", "`length` is no column of int64"),
        ("forever()", "did not return within 0.2 s"),
    ],
)
def test_what_a_measurement_does_wrong_names_it(tmp_path: Path, body: str, why: str) -> None:
    plugin(tmp_path, LENGTH.format(body), 0.2)
    found = measure(BATCH)
    assert found.columns == [pa.nulls(3, pa.int64())] or body == "[1, 2]"
    told = next(iter(found.failed.values()))
    assert told.startswith("plugin my_rules.py: ")
    assert why.replace(" 2 values for 3 documents", " 2 values for 1 documents") in told


def test_documents_that_a_measurement_can_measure_are_kept(tmp_path: Path) -> None:
    plugin(tmp_path, LENGTH.format("[12 // len(text) for text in batch['text'].to_pylist()]"))
    found = measure(BATCH)
    assert found.columns == [pa.array([4, 0, None], pa.int64())]
    assert list(found.failed) == [2]
    assert found.failed[2].endswith(
        "my_rules: ZeroDivisionError: integer division or modulo by zero (line 5)"
    )


FAMILY = (
    HEAD
    + "F = Family(name={name!r}, place=1, meaning='', limits={limits}, schema={schema}, measure=lambda b: b)"
)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("x = 1", "plugin my_rules.py: it declares nothing: expected a Measurement"),
        ("def f(:", "plugin my_rules.py: it cannot be loaded: SyntaxError"),
        (
            "import no_such_module",
            "it cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'",
        ),
        (RIGHT.replace("'length'", "'word_count'"), "the column `word_count` is declared twice"),
        (
            RIGHT.replace("maximum=9", "edges=[3, 2]"),
            "the edges of `length`: expected at least two numbers in increasing order",
        ),
        (RIGHT.replace("pa.int64()", "pa.string()"), "`length` has the type string: expected a number"),
        (FAMILY.format(name="A b", limits="{}", schema="pa.schema([])"), "`A b` cannot be a section's name"),
        (FAMILY.format(name="a", limits="{}", schema="pa.schema([])"), "the family a has no limits"),
        (FAMILY.format(name="a", limits="{'x': Limit(1)}", schema="pa.schema([])"), "does not measure `x`"),
        (
            FAMILY.format(name="quality", limits="{'x': Limit(1)}", schema="pa.schema([('x', pa.int64())])"),
            "families: the name `quality` is taken",
        ),
    ],
)
def test_what_is_no_plugin_is_refused(tmp_path: Path, source: str, why: str) -> None:
    with pytest.raises(PluginError) as raised:
        plugin(tmp_path, source)
    assert why in str(raised.value)
    assert "my_rules" not in FAMILIES


def test_objects_that_a_plugin_imports_from_here_are_not_its_own(tmp_path: Path) -> None:
    plugin(tmp_path, "from massivetext.filters.families.quality import FAMILY\n" + RIGHT)
    assert FAMILIES["quality"].limits == FAMILIES["quality"].limits


def test_a_rewriter_must_give_a_text_for_each_document(tmp_path: Path) -> None:
    from massivetext.filters.families import rewrite

    source = """
SCHEMA = pa.schema([pa.field("left", pa.int64())])
F = Family(
    name="cut", place=1, meaning="", limits={"left": Limit(minimum=1)}, schema=SCHEMA,
    measure=lambda batch: pa.record_batch([pc.cast(pc.utf8_length(batch["text"]), pa.int64())], schema=SCHEMA),
    rewrite=lambda batch: BODY,
)
"""
    plugin(tmp_path, HEAD + source.replace("BODY", "pc.utf8_slice_codeunits(batch['text'], 0, 5)"))
    cut, taken = rewrite(BATCH, ["cut"])
    assert cut["text"].to_pylist() == ["one", "two i", ""]
    assert taken.columns == [pa.array([0, 8, 0], pa.int64())]
    plugin(tmp_path, HEAD + source.replace("BODY", "batch['text'][1:]"))
    _, taken = rewrite(BATCH, ["cut"])
    assert taken.failed[0] == "plugin my_rules.py: cut returns 0 texts for 1: expected one for each"
