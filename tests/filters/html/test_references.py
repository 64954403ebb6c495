from html import unescape
from html.entities import html5

import numpy as np
import pytest

from massivetext.filters.html.references import read_reference


def read(reference: str) -> str:
    """What a text that starts with an ampersand becomes, its rest as it is."""
    html = np.frombuffer(reference.encode() + bytes(64), np.uint8)
    encoded, width, after = read_reference(html, 1, len(html) - 64)
    sign = int(encoded).to_bytes(8, "little")[:width].decode() if width else "&"
    return sign + reference.encode()[after:].decode()


def test_all_names() -> None:
    for name, sign in html5.items():
        assert read(f"&{name}") == sign
        assert read(f"&{name} x") == f"{sign} x"


@pytest.mark.parametrize(
    "reference",
    [
        *("&", "&;", "&x", "&nosuch;", "&ampx", "&notit;", "&notin;", "&noti", "&AMP;", "&Amp;", "& amp;"),
        *(
            "&#",
            "&#;",
            "&#x;",
            "&#x",
            "&#xg",
            "&#65;",
            "&#65",
            "&#65x",
            "&#x41;",
            "&#X4a;",
            "&#x4aG",
            "&#x1F600;",
        ),
        *("&#0;", "&#xD800;", "&#x110000;", "&#99999999999999999999;", "&#128;", "&#x9f;", "&#:"),
    ],
)
def test_as_the_standard_library(reference: str) -> None:
    assert read(reference) == unescape(reference)
