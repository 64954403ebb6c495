"""Language identification: a fastText model's first label for each document, and which labels are kept.

Gopher keeps English documents (arXiv 2112.11446, appendix A.1). The model is fastText's lid.176.ftz unless
the configuration names another, such as lid.176.bin, OpenLID or GlotLID.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

import langcodes
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from langcodes.tag_parser import LanguageTagError

from massivetext.filters.kernels.utf8 import views
from massivetext.filters.language.excerpts import Rows, are_long, excerpts
from massivetext.filters.language.fasttext_model import load
from massivetext.filters.language.fasttext_predict import PIECES, predict
from massivetext.filters.language.script import survey
from massivetext.schemas.document import LANGUAGE

MODEL = Path(__file__).parents[1] / "models" / "lid.176.ftz"
PREFIX = "__label__"

SURE = 0.5
"""A piece of a text counts for the language that the model gives this probability or more."""

UNDOUBTED = 0.9
"""The least probability of the language of an excerpt that stands for the whole text: any limit up to 0.8 lies well
below it."""

Reading = Literal["pieces", "whole"]
"""What the model reads of long texts: pieces where these leave no doubt, or always the whole."""

# lid.176 was trained on Wikipedia, whose `als` is Alemannic; in ISO 639-3 it is Tosk Albanian.
WIKIPEDIA_CODES = {"als": "gsw"}

# GlotLID writes Hani and Hang for what a language's usual script is called elsewhere.
SAME_SCRIPTS = {
    "Hans": ("Hani",),
    "Hant": ("Hani",),
    "Hani": ("Hans", "Hant"),
    "Kore": ("Hang",),
    "Hang": ("Kore",),
}


class Predictions(NamedTuple):
    """What a model says of n documents, in column 0, and of up to PIECES pieces of each, in the others."""

    labels: npt.NDArray[np.int32]  # [n, 1 + PIECES]: a label's number, or -1 for none
    probabilities: npt.NDArray[np.float32]  # which rounding can lift above 1
    sizes: npt.NDArray[np.int32]  # bytes of each piece; 0 where there is no such piece


class Classifier(Protocol):
    """A language model that has been read."""

    @property
    def labels(self) -> Sequence[str]:
        """Every language that the model knows, without `__label__`."""
        ...

    def predict(self, texts: pa.StringArray) -> Predictions: ...


class _Kernel:
    """fastText's prediction by this project's kernel."""

    def __init__(self, path: Path) -> None:
        self._model, names = load(path)
        self.labels = [name.removeprefix(PREFIX) for name in names]

    def predict(self, texts: pa.StringArray) -> Predictions:
        offsets, data = views(texts)
        shape = len(texts), 1 + PIECES
        found = Predictions(np.empty(shape, np.int32), np.empty(shape, np.float32), np.empty(shape, np.int32))
        predict(self._model, data, offsets, *found)
        return found


@cache
def read(path: Path) -> Classifier:
    """The model in a file. Raises UnknownModelError where the kernel does not know its kind, else ValueError."""
    return _Kernel(path)


def identify(batch: pa.RecordBatch, model: Path | None = None, reading: Reading = "pieces") -> pa.RecordBatch:
    """The columns of schemas.document.LANGUAGE for the documents in the column `text`, by a model's file."""
    return classify(
        batch, read(model or MODEL), None if reading == "pieces" else np.zeros(len(batch), np.bool_)
    )


def classify(batch: pa.RecordBatch, classifier: Classifier, in_pieces: Rows | None = None) -> pa.RecordBatch:
    """The columns of schemas.document.LANGUAGE for the documents in the column `text`.

    language is the model's first label without `__label__`, null where the text is only white space;
    language_probability is between 0 and 1, and 0 where language is null. Both are those of fastText's own
    `predict` for the text with its newlines made spaces, whatever supervised model is named; a text most of
    whose letters are capitals is lower-cased first, because models see few capitals. languages are those of the
    text's pieces that the model is SURE of, with their share of the text.

    Of the documents `in_pieces` the model reads excerpts, of the others the whole texts. By default those are read in
    pieces that are long and whose excerpts leave no doubt: the model is SURE that all pieces are in one language, and
    gives this language, in all of them together, a probability of UNDOUBTED or more.
    """
    texts = batch.column("text")
    scripts, capital = survey(texts)
    (found, probabilities, sizes), in_pieces = _predict(texts, capital, classifier, in_pieces)
    found[pc.utf8_is_space(texts).to_numpy(zero_copy_only=False)] = -1
    nothing = found[:, 0] < 0
    probabilities[nothing] = 0
    labels = pa.array(classifier.labels, pa.string())
    columns = [
        labels.take(pa.array(found[:, 0], mask=nothing)),
        pa.array(np.minimum(probabilities[:, 0], np.float32(1))),
        scripts,
        _shares(labels, found[:, 1:], probabilities[:, 1:], sizes[:, 1:]),
        pa.array(in_pieces),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=LANGUAGE)


def _predict(
    texts: pa.StringArray, capital: Rows, classifier: Classifier, in_pieces: Rows | None
) -> tuple[Predictions, Rows]:
    """What a model says of texts, and of which of them it read pieces (see `classify`)."""
    cut = are_long(texts) if in_pieces is None else in_pieces
    found = classifier.predict(_lower(excerpts(texts, cut) if cut.any() else texts, capital))
    if in_pieces is not None:
        return found, in_pieces
    doubted = np.flatnonzero(cut & ~_is_undoubted(found))
    if len(doubted):
        whole = classifier.predict(_lower(texts.take(pa.array(doubted)), capital[doubted]))
        for column, again in zip(found, whole, strict=True):
            column[doubted] = again
        cut[doubted] = False
    return found, cut


def _is_undoubted(found: Predictions) -> Rows:
    """Whether all pieces of each text are surely in one language, which is undoubted."""
    labels, probabilities, _ = found
    is_one: Rows = np.all((labels[:, 1:] == labels[:, :1]) & (probabilities[:, 1:] >= SURE), axis=1)
    return is_one & (labels[:, 0] >= 0) & (probabilities[:, 0] >= UNDOUBTED)


def _lower(texts: pa.StringArray, rows: npt.NDArray[np.bool_]) -> pa.StringArray:
    """Texts with those of some rows lower-cased."""
    if not rows.any():
        return texts
    return pc.replace_with_mask(texts, pa.array(rows), pc.utf8_lower(texts.filter(pa.array(rows))))


def _shares(
    labels: pa.StringArray,
    found: npt.NDArray[np.int32],
    probabilities: npt.NDArray[np.float32],
    sizes: npt.NDArray[np.int32],
) -> pa.ListArray:
    """The languages of each document's pieces, the largest share first."""
    sure = (found >= 0) & (probabilities >= SURE)
    rows, _ = np.nonzero(sure)
    kinds, place = np.unique(np.stack([rows, found[sure]]), axis=1, return_inverse=True)
    shares = np.bincount(place.ravel(), sizes[sure], kinds.shape[1]) / sizes.sum(axis=1)[kinds[0]]
    order = np.lexsort((kinds[1], -shares, kinds[0]))
    offsets = np.searchsorted(kinds[0], np.arange(len(found) + 1)).astype(np.int32)
    each = pa.StructArray.from_arrays(
        [labels.take(pa.array(kinds[1][order])), pa.array(shares[order].astype(np.float32))],
        fields=list(LANGUAGE.field("languages").type.value_type),
    )
    return pa.ListArray.from_arrays(pa.array(offsets), each)


def labels(model: Path | None = None) -> list[str]:
    """Every language that the model knows, without `__label__`."""
    return list(read(model or MODEL).labels)


@cache
def matches(label: str, language: str) -> bool:
    """Whether a model's label is the language that a configuration names.

    Both may be ISO 639-1 or 639-3 codes, with or without an ISO 15924 script, as lid.176, GlotLID, OpenLID and FLORES
    write them: `en`, `eng` and `eng_Latn` are one; so are `zh`, `zho_Hans` and `cmn_Hani`, and `ar` and `arb_Arab`, for
    Chinese and Arabic are macrolanguages whose standard languages these are. A script is compared only where the
    configuration names one: `sr` is matched by both of `srp_Cyrl` and `srp_Latn`.
    """
    if label == language:
        return True
    try:
        wanted, found = (
            langcodes.Language.get(language),
            langcodes.Language.get(WIKIPEDIA_CODES.get(label, label)),
        )
        if not {wanted.language, _macrolanguage(wanted)} & {found.language, _macrolanguage(found)}:
            return False
    except LanguageTagError:
        return False
    script = found.maximize().script
    return wanted.script in (None, script) or wanted.script in SAME_SCRIPTS.get(script or "", ())


def is_language(name: str) -> bool:
    """Whether a name has the form of a language's: `de`, `deu_Latn`."""
    try:
        return len(langcodes.Language.get(name).language or "") in (2, 3)
    except LanguageTagError:
        return False


def _macrolanguage(language: langcodes.Language) -> str:
    name = langcodes.standardize_tag(language, macro=True).split("-")[0]
    return "no" if name == "nb" else name  # which langcodes takes for two


@dataclass(frozen=True)
class Kept:
    """Which languages are kept, from which probability on, beside how much of others."""

    languages: tuple[str, ...] = ("en",)
    minimum_probability: float = 0.5
    minimum_probabilities: Mapping[str, float] = field(default_factory=dict)  # of single languages
    maximum_other_share: float = 1.0

    def probability(self, label: str) -> float | None:
        """The probability from which a label is kept; None if it is not: that of the first language it matches."""
        if not any(matches(label, language) for language in self.languages):
            return None
        own = (least for language, least in self.minimum_probabilities.items() if matches(label, language))
        return next(own, self.minimum_probability)

    def described(self) -> str:
        """What a document that is removed is, in words."""
        own = "".join(f", {name} {least:g}" for name, least in self.minimum_probabilities.items())
        sure = f"not {', '.join(self.languages)} with probability {self.minimum_probability:g} or more{own}"
        if self.maximum_other_share >= 1:
            return sure
        return f"{sure}, or more than {self.maximum_other_share:.0%} in other languages"


def keeps(batch: pa.RecordBatch, kept: Kept) -> npt.NDArray[np.bool_]:
    """Whether each document is kept, by the columns of schemas.document.LANGUAGE.

    A document without a language is not kept, nor one of which more than `maximum_other_share` is in languages that
    are not kept.
    """
    probability = batch.column("language_probability").to_numpy(zero_copy_only=False)
    # In the column's precision, or 0.7 would be more than 0.7.
    enough = probability >= _of_labels(batch.column("language"), kept).astype(np.float32)
    languages = batch.column("languages")
    each = languages.flatten()
    shares = each.field("share").to_numpy(zero_copy_only=False).astype(np.float64)
    shares[_of_labels(each.field("language"), kept) < np.inf] = 0
    rows = pc.list_parent_indices(languages).to_numpy(zero_copy_only=False)
    others = np.bincount(rows, shares, len(batch))
    allowed: npt.NDArray[np.bool_] = enough & (others <= kept.maximum_other_share)
    return allowed


def _of_labels(labels: pa.StringArray, kept: Kept) -> npt.NDArray[np.float64]:
    """The probability from which each label is kept; infinite where it is not."""
    encoded = labels.dictionary_encode()
    values = [kept.probability(label) for label in encoded.dictionary.to_pylist()]
    known = np.array([np.inf if value is None else value for value in [*values, None]])
    found: npt.NDArray[np.float64] = known[
        encoded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)
    ]
    return found
