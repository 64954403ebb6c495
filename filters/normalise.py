"""Unicode's normalisation form C: one way to write each accented letter."""

import unicodedata

import pyarrow as pa
import pyarrow.compute as pc


def nfc(text: pa.StringArray) -> pa.StringArray:
    """The texts in form C. ASCII texts have it already and are not looked at; nulls stay.

    Python's `unicodedata` does the work, since pyarrow 25's utf8_normalize decomposes, whatever form it is asked for.
    """
    suspect = pc.invert(pc.string_is_ascii(text)).fill_null(False)
    written = [unicodedata.normalize("NFC", each) for each in text.filter(suspect).to_pylist()]
    return pc.replace_with_mask(text, suspect, pa.array(written, pa.string()))
