"""Creative Commons marks in every place where pages state them."""

import time

import pytest

from massivetext.filters.licence.creative_commons import mark

BY = "https://creativecommons.org/licenses/by/4.0/"
SA = "http://creativecommons.org/licenses/by-sa/3.0/us/"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f'<a rel="license" href="{BY}">CC BY</a>', ("CC-BY-4.0", "rel")),
        (f"<link href='{SA}' rel='copyright license'>", ("CC-BY-SA-3.0", "rel")),
        (f"<A HREF={BY} REL=license>", ("CC-BY-4.0", "rel")),
        (f'<a rel="nolicense" href="{BY}">', ("CC-BY-4.0", "visible")),
        (f'<meta name="DC.rights" content="{SA}">', ("CC-BY-SA-3.0", "metadata")),
        ('<meta property="dcterms.license" content="CC BY-NC-ND 4.0">', ("CC-BY-NC-ND-4.0", "metadata")),
        (f'<meta name="description" content="On {BY} and others">', None),
        (f'<script type="application/ld+json">{{"license": "{BY}"}}</script>', ("CC-BY-4.0", "metadata")),
        (
            f'<script type="application/ld+json">{{"license": {{"@id": "{BY}"}}}}</script>',
            ("CC-BY-4.0", "metadata"),
        ),
        (f'<span itemprop="license" content="{BY}">', ("CC-BY-4.0", "metadata")),
        (f'<!-- <license rdf:resource="{SA}"/> -->', ("CC-BY-SA-3.0", "metadata")),
        (f'<p>Text is under <a href="{BY}">this licence</a>.</p>', ("CC-BY-4.0", "visible")),
        ("<p>© CC BY-SA 4.0</p>", ("CC-BY-SA-4.0", "visible")),
        (
            "<p>Creative Commons Attribution-NonCommercial-ShareAlike 3.0 Unported</p>",
            ("CC-BY-NC-SA-3.0", "visible"),
        ),
        ("<p>Creative Commons Attribution-NoDerivs 2.0</p>", ("CC-BY-ND-2.0", "visible")),
        ('<a href="https://creativecommons.org/publicdomain/zero/1.0/">', ("CC0-1.0", "visible")),
        ('<a rel="license" href="//creativecommons.org/publicdomain/mark/1.0/">', ("CC-PDM-1.0", "rel")),
        (f'<a href="{BY}">photo</a> <a href="{SA}">photo</a>', None),  # of parts of the page
        (f'<a rel="license" href="{BY}"></a> photo: <a href="{SA}">', ("CC-BY-4.0", "rel")),
        ("<p>About https://creativecommons.org/ and CC licences, ACC BY 4.0</p>", None),
        ("", None),
    ],
)
def test_marks(page: str, expected: tuple[str, str] | None) -> None:
    assert mark(page) == expected


def test_link_headers() -> None:
    headers = ['<https://e.org/style.css>; rel="stylesheet", <' + BY + '>; rel="license"']
    assert mark("", headers) == ("CC-BY-4.0", "rel")
    assert mark("", [f'<{BY}>; rel="help"']) is None


@pytest.mark.parametrize(
    "unit", ["creativecommons.org/licenses/by/4.0 ", "<a rel=", "CC BY-", '"license":', "<"]
)
def test_worst_cases_end(unit: str) -> None:
    begun = time.process_time()
    mark("creativecommons.org/ CC BY " + unit * 200_000)
    assert time.process_time() - begun < 20
