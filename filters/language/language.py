"""Language identification: a fastText model's first label for each document, and which labels are kept.

Gopher keeps English documents (arXiv 2112.11446, appendix A.1). The model is fastText's lid.176.ftz unless
the configuration names another, such as lid.176.bin, OpenLID or GlotLID.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import langcodes
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from langcodes.tag_parser import LanguageTagError

from massivetext.filters.kernels.utf8 import views
from massivetext.filters.language.fasttext_model import FastTextModel, load
from massivetext.filters.language.fasttext_predict import predict
from massivetext.schemas.document import LANGUAGE

MODEL = Path(__file__).parents[1] / "models" / "lid.176.ftz"
PREFIX = "__label__"

# lid.176 was trained on Wikipedia, whose `als` is Alemannic; in ISO 639-3 it is Tosk Albanian.
WIKIPEDIA_CODES = {"als": "gsw"}


@cache
def _load(path: Path) -> tuple[FastTextModel, list[str]]:
    model, names = load(path)
    return model, [name.removeprefix(PREFIX) for name in names]


def identify(batch: pa.RecordBatch, model: Path | None = None) -> pa.RecordBatch:
    """The columns of schemas.document.LANGUAGE for the documents in the column `text`.

    language is the model's first label without `__label__`, null where the text is only white space;
    language_probability is between 0 and 1, and 0 where language is null. Both are those of fastText's own
    `predict` for the whole text with its newlines made spaces, whatever supervised model is named.
    """
    parameters, names = _load(model or MODEL)
    texts = batch.column("text")
    offsets, data = views(texts)
    found = np.empty(len(texts), np.int32)
    probabilities = np.empty(len(texts), np.float32)
    predict(parameters, data, offsets, found, probabilities)
    found[pc.utf8_is_space(texts).to_numpy(zero_copy_only=False)] = -1
    nothing = found < 0
    probabilities[nothing] = 0
    languages = pa.array(names, pa.string()).take(pa.array(found, mask=nothing))
    return pa.RecordBatch.from_arrays(
        [languages, pa.array(np.minimum(probabilities, np.float32(1)))], schema=LANGUAGE
    )


def labels(model: Path | None = None) -> list[str]:
    """Every language that the model knows, without `__label__`."""
    return list(_load(model or MODEL)[1])


@cache
def matches(label: str, language: str) -> bool:
    """Whether a model's label is the language that a configuration names.

    Both may be ISO 639-1 or 639-3 codes, with or without an ISO 15924 script: `en` is matched by `en`,
    `eng` and `eng_Latn`, `ar` by `arb_Arab`, whose macrolanguage it is. A script is compared only where
    the configuration names one: `sr` is matched by both of `srp_Cyrl` and `srp_Latn`.
    """
    if label == language:
        return True
    try:
        wanted = langcodes.Language.get(language)
        found = langcodes.Language.get(WIKIPEDIA_CODES.get(label, label))
        macrolanguage = langcodes.standardize_tag(found, macro=True).split("-")[0]
    except LanguageTagError:
        return False
    if wanted.language not in (found.language, macrolanguage):
        return False
    return wanted.script is None or wanted.script == found.maximize().script


def keeps(
    language: pa.StringArray, probability: pa.FloatArray, keep: Sequence[str], minimum_probability: float
) -> pa.BooleanArray:
    """Whether each document's language is one of `keep` (see `matches`), at this probability or above.

    A document without a language is not kept.
    """
    found = pc.unique(language.drop_null()).to_pylist()
    wanted = pa.array([label for label in found if any(matches(label, k) for k in keep)], pa.string())
    known = pc.is_in(language, value_set=wanted)
    return pc.and_(known, pc.greater_equal(probability, pa.scalar(minimum_probability, pa.float32())))
