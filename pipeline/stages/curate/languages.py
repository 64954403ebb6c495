"""Identifies the languages of documents by the kernel. fastText's own library checks a seeded share of the labels."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from massivetext.filters.language import language
from massivetext.filters.language.fasttext_model import UnknownModelError
from massivetext.filters.language.language import MODEL, Classifier, Reading, classify
from massivetext.filters.seeded import order, share_of
from massivetext.pipeline.stages.curate import fasttext_library
from massivetext.pipeline.storage import files

TOLERANCE = 1e-3
"""The largest difference between the two probabilities. Both add the same numbers in the same order, but processors
round sums differently."""

CHECKED_MODEL_BYTES = 256 << 20
"""The largest model that is checked. fastText holds a copy of the model in each worker; the kernel's is shared."""


class LabelError(RuntimeError):
    """The kernel gave another label than fastText's library. That is a defect of the kernel, never of the data."""


@dataclass(frozen=True)
class LanguageModel:
    """A fastText model that the configuration names."""

    path: str = field(repr=False)
    sha256: str

    def local(self) -> Path:
        return Path(files.local(self.path, self.sha256))


@dataclass(frozen=True)
class Languages:
    """Identifies the languages of documents."""

    model: LanguageModel | None  # None: the bundled one
    seed: int = field(repr=False)  # no result depends on it
    checked_share: float = 0.002
    bundled: str = ""  # the SHA-256 of the bundled model, if it is used
    reading: Reading = "pieces"

    def identify(self, documents: pa.RecordBatch) -> pa.RecordBatch:
        """Returns the columns of schemas.document.LANGUAGE.

        Raises LabelError, which names the document, if the kernel and the library differ on one that is checked.
        """
        path = self._path()
        whole = np.zeros(documents.num_rows, np.bool_) if self.reading == "whole" else None
        found = classify(documents, classifier(path), whole)
        if path.stat().st_size <= CHECKED_MODEL_BYTES:
            hashes = order(documents.column("id"), self.seed, "identify both ways")
            chosen = pa.array(np.flatnonzero(share_of(hashes, self.checked_share)))
            if len(chosen):
                _check(documents.take(chosen), found.take(chosen), path)
        return found

    def _path(self) -> Path:
        return self.model.local() if self.model else MODEL


def classifier(path: Path) -> Classifier:
    """Read a model for the kernel, or for fastText's library if the kernel cannot read it. Raises ValueError."""
    try:
        return language.read(path)
    except UnknownModelError:
        return fasttext_library.read(path)


def _check(documents: pa.RecordBatch, found: pa.RecordBatch, path: Path) -> None:
    """Raises LabelError if the probabilities of the first labels differ between the kernel and the library, which reads
    of each text what the kernel read.

    It compares no labels: two labels with the same probability may come in either order.
    """
    in_pieces = found.column("language_from_pieces").to_numpy(zero_copy_only=False)
    expected = classify(documents, fasttext_library.read(path), in_pieces)
    ours, theirs = (
        (batch.column("language"), batch.column("language_probability").to_numpy())
        for batch in (found, expected)
    )
    differ = np.abs(ours[1] - theirs[1]) > TOLERANCE
    differ |= ours[0].is_null().to_numpy(zero_copy_only=False) != theirs[0].is_null().to_numpy(
        zero_copy_only=False
    )
    if differ.any():
        row = int(np.flatnonzero(differ)[0])
        raise LabelError(
            f"document {documents.column('id')[row]}: the language {ours[0][row]} ({ours[1][row]:.4f}) differs from "
            f"fastText's own, {theirs[0][row]} ({theirs[1][row]:.4f}); please report it with the document's text and "
            f"the model {path.name}"
        )
