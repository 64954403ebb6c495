"""What a plugin's shard format does wrong is told by its name, before any work where a small shard shows it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from massivetext.pipeline.plugins.find import opened
from massivetext.pipeline.plugins.guard import PluginError
from massivetext.pipeline.plugins.use import NONE, Plugins, use
from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.shards.format import Shard, ShardError
from tests.paths import ROOT

SOURCE = (ROOT / "examples/plugins/npy.py").read_text()
SHARD = Shard(
    np.arange(128, dtype=np.uint16).reshape(2, 64),
    pa.array([[64], [32, 2]], pa.list_(pa.int32())),
    pa.array(["a", "b"]),
)


@pytest.fixture(autouse=True)
def _none() -> Iterator[None]:
    yield
    use(NONE)


def plugin(folder: Path, source: str = SOURCE, seconds: float = 60) -> None:
    (folder / "own.py").write_text(source)
    use(Plugins((opened(str(folder / "own.py")),), seconds))


def test_the_example_reads_what_it_wrote(tmp_path: Path) -> None:
    plugin(tmp_path)
    [made] = FORMATS["npy"].write(SHARD, tmp_path / "shard-00007")
    assert made.name == "shard-00007.npy"
    assert FORMATS["npy"].read(str(tmp_path / "shard-00007")).tolist() == list(range(128))
    made.write_bytes(made.read_bytes()[:-3])
    with pytest.raises(ShardError, match=r"its \.npy cannot be read"):
        FORMATS["npy"].read(str(tmp_path / "shard-00007"))


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ("    np.save(file, shard.tokens)", "    1 // 0", "ZeroDivisionError"),
        (
            "    np.save(file, shard.tokens)",
            "    pass",
            "says that it wrote shard-00000.npy, which is not there",
        ),
        ("    np.save(file, shard.tokens)", "    while True: pass", "did not return within 0.5 s"),
        ("return [file]", "return file", "expected the paths of its files"),
        ("return [file]", "return []", "expected the paths of its files"),
        (
            'f"{path}.npy")\n    np',
            'path.parent / "all.npy")\n    np',
            "writes all.npy: expected a name that begins",
        ),
        (".reshape(-1)", "", "reads an array of 2 dimensions"),
        (".reshape(-1)", ".reshape(-1)[1:]", "reads other tokens than it wrote: 127 for 128"),
        ("shard.tokens)", "shard.tokens % 7)", "reads other tokens than it wrote"),
        (
            '(f"{path}.npy").reshape',
            '(f"{path}.np").reshape',
            "cannot read what it wrote: its .npy cannot be read",
        ),
    ],
)
def test_a_broken_format_is_refused(tmp_path: Path, right: str, wrong: str, why: str) -> None:
    assert right in SOURCE
    with pytest.raises(PluginError) as raised:
        plugin(tmp_path, SOURCE.replace(right, wrong), 0.5)
    assert str(raised.value).startswith("plugin own.py: format npy")
    assert why in str(raised.value)
    assert "npy" not in FORMATS


def test_an_index_must_be_bytes(tmp_path: Path) -> None:
    plugin(tmp_path, SOURCE.replace("write, read)", "write, read, ('index.json', lambda shards: {}))"))
    assert FORMATS["npy"].index is not None
    with pytest.raises(PluginError, match="format npy's index is a dict: expected bytes"):
        FORMATS["npy"].index[1]([])
