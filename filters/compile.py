"""Compiles every kernel into its cache, so that no run and no worker starts cold: python -m filters.compile."""

import pyarrow as pa

from filters.characters import measure_characters
from filters.code import measure_code
from filters.fingerprint import fingerprints
from filters.html.main_text import main_text
from filters.language import identify
from filters.measure import measure
from filters.minhash import bands, signatures
from filters.seeded import order
from filters.shingles import shingles


def main() -> None:
    """Call each filter once, on a document of a few words."""
    batch = pa.record_batch({"id": ["0" * 32], "text": ["The words of a document.\n\n- and a line…\n"]})
    measure(batch)
    measure_code(batch)
    measure_characters(batch)
    identify(batch)
    fingerprints(batch)
    shingles(batch)
    bands(signatures(batch, 128), 21, 6)
    order(batch.column("id"), 0, "compile")
    main_text(b"<h1>A page</h1><p>Its main text.")


if __name__ == "__main__":
    main()
