"""A seeded share of the language labels is checked with fastText's own library."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from massivetext.filters.language import language
from massivetext.filters.language.language import MODEL, Predictions, identify
from massivetext.filters.seeded import order
from massivetext.pipeline.stages.curate import fasttext_library, languages
from massivetext.pipeline.stages.curate.languages import LabelError, LanguageModel, Languages
from massivetext.pipeline.storage import files

COUNT = 300
TEXTS = [f"The text of document {n} is in English." for n in range(COUNT)]
DOCUMENTS = pa.record_batch(
    {
        "id": [f"{n:032x}" for n in range(COUNT)],
        "text": TEXTS,
    }
)


class Wrong:
    """A kernel that takes every document of an even number for another language than it is in."""

    def __init__(self) -> None:
        self._kernel = language.read(MODEL)
        self.labels = self._kernel.labels

    def predict(self, texts: pa.StringArray) -> Predictions:
        found = self._kernel.predict(texts)
        found.labels[::2] = 7
        found.probabilities[::2] = 0.25
        return found


def test_labels_are_the_same_checked_or_not() -> None:
    assert Languages(None, 1, 1.0).identify(DOCUMENTS) == Languages(None, 1, 0.0).identify(DOCUMENTS)
    assert Languages(None, 1).identify(DOCUMENTS) == identify(DOCUMENTS)
    assert Languages(None, 1, 1.0).identify(DOCUMENTS.slice(0, 0)).num_rows == 0


def test_the_library_reads_what_the_kernel_read() -> None:
    english, german = TEXTS[0] + " ", "Und dieser Text ist auf Deutsch geschrieben. "
    long = [english * 200, english * 100 + german * 100]
    documents = pa.record_batch({"id": ["0" * 32, "1" * 32], "text": long})
    found = Languages(None, 1, 1.0).identify(documents)
    assert found["language_from_pieces"].to_pylist() == [True, False]
    whole = Languages(None, 1, 1.0, reading="whole").identify(documents)
    assert whole == identify(documents, reading="whole")
    assert whole["language_probability"][0] != found["language_probability"][0]


def test_a_wrong_label_names_its_document(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Wrong()
    monkeypatch.setattr(languages, "classifier", lambda _: wrong)
    with pytest.raises(
        LabelError, match=f"document {0:032x}: the language .* differs from fastText's own, en"
    ):
        Languages(None, 1, 1.0).identify(DOCUMENTS)
    assert Languages(None, 1, 0.0).identify(DOCUMENTS)["language_probability"][0].as_py() == 0.25


def test_the_share_is_chosen_by_seed_and_id(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    monkeypatch.setattr(
        languages, "_check", lambda documents, *_: checked.extend(documents["id"].to_pylist())
    )
    Languages(None, 3, 0.1).identify(DOCUMENTS)
    hashes = order(DOCUMENTS["id"], 3, "identify both ways")
    assert checked == DOCUMENTS["id"].take(pa.array(np.flatnonzero(hashes < int(0.1 * 2**64)))).to_pylist()
    assert 10 < len(checked) < 60


def test_a_large_model_is_not_copied_into_every_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "CHECKED_MODEL_BYTES", MODEL.stat().st_size - 1)
    monkeypatch.setattr(fasttext_library, "read", None)
    assert Languages(None, 1, 1.0).identify(DOCUMENTS) == identify(DOCUMENTS)


def test_a_configured_model_is_checked_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.ftz"
    path.write_bytes(MODEL.read_bytes())
    read: list[Path] = []
    monkeypatch.setattr(fasttext_library, "read", lambda of: read.append(of) or fasttext_library.Library(of))
    Languages(LanguageModel(str(path), files.sha256(str(path))), 1, 1.0).identify(DOCUMENTS)
    assert [one.name for one in read] == ["own.ftz"]
