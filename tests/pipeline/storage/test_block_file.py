"""Files of blocks: those of one key side by side, each read alone, damage told."""

from pathlib import Path

import pytest

from massivetext.pipeline.storage import block_file
from massivetext.pipeline.storage.sealed import DamagedError


@pytest.mark.parametrize("held", [1, 1 << 20])
def test_blocks_of_a_key_are_read_together(
    tmp_path: Path, held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(block_file, "_HELD_BYTES", held)
    path = str(tmp_path / "blocks")
    with block_file.write(path) as file:
        for key, block in ((1, b"ab"), (2, b"c"), (1, b"de")):
            file.add(None, key, block)
        file.add("pairs", "name", b"f")
        file.index.append((None, None, 7))
    read: dict[object, bytes] = {}
    others = []
    for tag, key, value in block_file.index(path):
        if key is None:
            others.append(value)
        else:
            read[tag, key] = read.get((tag, key), b"") + block_file.read(path, *value)
    assert read == {(None, 1): b"abde", (None, 2): b"c", ("pairs", "name"): b"f"}
    assert others == [7]
    assert len(block_file.index(path)) == (5 if held == 1 else 4)


def test_an_error_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(TypeError), block_file.write(str(tmp_path / "blocks")) as file:
        file.index.append((None, None, b"bytes are no JSON"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("at", [0, 3, -1, -10, -20])
def test_a_changed_byte_is_noticed(tmp_path: Path, at: int) -> None:
    path = tmp_path / "blocks"
    with block_file.write(str(path)) as file:
        file.add(None, 1, b"abcd")
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamagedError, match="damaged"):
        _blocks(str(path))


def _blocks(path: str) -> list[bytes]:
    return [block_file.read(path, *place) for _, _, place in block_file.index(path)]
