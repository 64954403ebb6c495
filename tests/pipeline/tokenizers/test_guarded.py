"""What a plugin's tokenizer does wrong is told by its name, and never becomes a token."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from massivetext.pipeline.config.tokenizer import Tokenizer as Settings
from massivetext.pipeline.plugins.find import opened
from massivetext.pipeline.plugins.guard import PluginError
from massivetext.pipeline.plugins.use import NONE, Plugins, use
from massivetext.pipeline.stages.tokenize.encode import Encoder
from massivetext.pipeline.tokenizers.open import open_tokenizer
from massivetext.pipeline.tokenizers.protocol import Tokenizer

SOURCE = """
from massivetext.plugins import TokenizerKind
class Own:
    size = 1000
    special = {"eos": 0}
    def __init__(self, model):
        if model != b"fine":
            raise ValueError("expected the word fine")
    def encode(self, text):
        if text == "odd":
            return ODD
        return [1 + len(word) for word in text.split()]
    def decode(self, ids):
        return " ".join("x" * (one - 1) for one in ids)
RUNES = TokenizerKind("runes", Own)
"""


@pytest.fixture(autouse=True)
def _none() -> Iterator[None]:
    yield
    use(NONE)


def tokenizer(folder: Path, source: str = SOURCE, model: bytes = b"fine", seconds: float = 60) -> Tokenizer:
    (folder / "own.py").write_text(source)
    use(Plugins((opened(str(folder / "own.py")),), seconds))
    return open_tokenizer(model, Settings(model="m.txt", kind="runes"))


def test_it_encodes_as_its_own_code_does(tmp_path: Path) -> None:
    made = tokenizer(tmp_path)
    assert (made.size, made.pad, made.unknown, made.boundary("eos")) == (1000, 0, -1, 0)
    encoded = Encoder(made, seed=1).encode(pa.array(["a", "b"]), pa.array(["one three", ""]))
    assert encoded.to_pylist() == [[4, 6, 0], [0]]
    assert made.decode([4, 6]) == "xxx xxxxx"


def test_a_file_that_is_none_is_a_fault_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^expected the word fine$"):
        tokenizer(tmp_path, model=b"other")


def test_a_token_that_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"own.py: tokenizer runes has no bos .* mix.add_bos"):
        tokenizer(tmp_path).boundary("bos")


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ("[1000]", "gives the id 1000, but its `size` is 1000"),
        ("[3, -1]", "gives the id -1, but its `size` is 1000"),
        ("[1 << 70]", "of type object: expected a list of integers"),
        ("['a']", "expected a list of integers"),
        ("[1.5]", "of type float64: expected a list of integers"),
        ("[[1], [2]]", "an array of 2 dimensions"),
        ("None", "an array of 0 dimensions"),
        ("1 // 0", "ZeroDivisionError: integer division or modulo by zero (line 12)"),
        ("forever()", "did not return within 0.3 s (limits.plugin_seconds)"),
    ],
)
def test_a_wrong_answer(tmp_path: Path, odd: str, why: str) -> None:
    source = "def forever():\n    while True: pass\n" + SOURCE.replace("ODD", odd).lstrip("\n")
    made = tokenizer(tmp_path, source, seconds=0.3)
    assert made.encode("good").tolist() == [5]
    with pytest.raises(PluginError) as raised:
        Encoder(made, seed=1).encode(pa.array(["a"]), pa.array(["odd"]))
    assert str(raised.value).startswith("plugin own.py: tokenizer runes")
    assert why in str(raised.value)


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ("size = 1000", "size = '9'", "has the `size` '9': expected a whole number"),
        ("size = 1000", "", "AttributeError: 'Own' object has no attribute 'size'"),
        ('{"eos": 0}', '{"end": 0}', "has the special token 'end': expected bos, eos, pad, unknown"),
        ('{"eos": 0}', '{"eos": 1000}', "has the id 1000 for eos: expected one from 0 to below its `size`"),
        ('" ".join', "len", "TypeError"),
        (
            'return " ".join("x" * (one - 1) for one in ids)',
            "return b''",
            "decodes ids to a bytes: expected str",
        ),
        ('if text == "odd"', "if True", "NameError: name 'ODD' is not defined (line 11)"),
    ],
)
def test_what_is_no_tokenizer_is_told_when_it_is_opened(
    tmp_path: Path, right: str, wrong: str, why: str
) -> None:
    with pytest.raises(PluginError) as raised:
        tokenizer(tmp_path, SOURCE.replace(right, wrong))
    assert why in str(raised.value)
