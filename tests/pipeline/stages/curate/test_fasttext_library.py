"""fastText's library gives the columns that the kernel gives, pieces too, and reads models that the kernel does not."""

from pathlib import Path

import fasttext
import pyarrow as pa
import pytest

from massivetext.filters.language import language
from massivetext.filters.language.fasttext_model import UnknownModelError
from massivetext.filters.language.language import MODEL, classify, identify
from massivetext.pipeline.stages.curate.fasttext_library import Library
from massivetext.pipeline.stages.curate.languages import classifier

ENGLISH = "The tide mill at the mouth of the creek was built by three brothers who had never seen the sea.\n"
GERMAN = "Die Mühle an der Mündung des Baches bauten drei Brüder, die das Meer noch nie gesehen hatten.\n"
TEXTS = [
    ENGLISH,
    ENGLISH * 40 + GERMAN * 20,
    (GERMAN * 30).upper(),
    "",
    " \0\n",
    "\u2003\x85",
    ENGLISH * 20 + "</s> " + GERMAN * 40,
    "東京は日本の首都です。" * 200,
    "ß" * 5000 + " end",
]


def texts(*each: str) -> pa.RecordBatch:
    return pa.record_batch({"text": pa.array(each, pa.string())})


def test_the_library_and_the_kernel_agree() -> None:
    ours, theirs = identify(texts(*TEXTS)), classify(texts(*TEXTS), Library(MODEL))
    assert theirs.schema == ours.schema
    for one, other in zip(ours.to_pylist(), theirs.to_pylist(), strict=True):
        assert other["language_probability"] == pytest.approx(one["language_probability"], abs=1e-5)
        assert {**other, "language_probability": 0} == {**one, "language_probability": 0}


def test_no_documents() -> None:
    assert classify(texts(), Library(MODEL)).num_rows == 0


def test_a_model_of_longer_ngrams_than_the_kernel_knows(tmp_path: Path) -> None:
    lines = tmp_path / "lines.txt"
    lines.write_text(f"__label__en {ENGLISH}__label__de {GERMAN}" * 20)
    path = tmp_path / "long.bin"
    model = fasttext.train_supervised(
        str(lines), dim=4, lr=1.0, epoch=20, wordNgrams=65, bucket=500, verbose=0
    )
    model.save_model(str(path))
    with pytest.raises(UnknownModelError, match="65 words"):
        language.read(path)
    found = classify(texts(ENGLISH, GERMAN), classifier(path))
    assert found["language"].to_pylist() == ["en", "de"]


def test_what_neither_reads_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "later.bin"
    content = bytearray(MODEL.read_bytes())
    content[4:8] = (13).to_bytes(4, "little")  # a version of the future
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"later\.bin: fastText cannot read this model"):
        classifier(path)


def test_word_vectors_are_refused(tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text(ENGLISH * 20)
    model = fasttext.train_unsupervised(str(tmp_path / "lines.txt"), dim=4, bucket=500, minCount=1, verbose=0)
    model.save_model(str(tmp_path / "vectors.bin"))
    with pytest.raises(ValueError, match="holds word vectors"):
        Library(tmp_path / "vectors.bin")
