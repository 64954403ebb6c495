import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.url import canonical

PAGE = "example.org/a/b?x=1&y=2"


def of(url: str | None) -> str | None:
    found = canonical(pa.array([url], pa.string())).to_pylist()
    assert len(found) == 1
    canon: str | None = found[0]
    return canon


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/a/b?x=1&y=2",
        "https://example.org/a/b?x=1&y=2",
        "HTTP://EXAMPLE.ORG/a/b?x=1&y=2",
        "http://example.org./a/b?x=1&y=2",
        "http://example.org:80/a/b?x=1&y=2",
        "https://example.org:443/a/b?x=1&y=2",
        "http://example.org:/a/b?x=1&y=2",
        "http://someone:secret@example.org/a/b?x=1&y=2",
        "http://example.org/a/b?x=1&y=2#part",
        "http://example.org/a/b?y=2&x=1",
        "http://example.org/./c/../a/b?x=1&y=2",
        "http://example.org/%61/b?x=%31&y=2",
        " http://example.org/a/b?x=1&y=2\n",
        "http://example.org/a/b?x=1&y=2&utm_source=mail&utm_medium=x",
        "http://example.org/a/b?gclid=1&x=1&fbclid=2&y=2",
        "http://example.org/a/b?x=1&PHPSESSID=0a&y=2",
        "http://example.org/a/b;jsessionid=0A.node?x=1&y=2",
        "http://example.org/a;jsessionid=0A/b?x=1&y=2",
    ],
)
def test_equal_pages(url: str) -> None:
    assert of(url) == PAGE


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("http://www.example.org/a/b?x=1&y=2", "www.example.org/a/b?x=1&y=2"),
        ("http://example.org:8080/a/b?x=1&y=2", "example.org:8080/a/b?x=1&y=2"),
        ("https://example.org:80/a", "example.org:80/a"),
        ("http://example.org/A/b?x=1&y=2", "example.org/A/b?x=1&y=2"),
        ("http://example.org/a/b/?x=1&y=2", "example.org/a/b/?x=1&y=2"),
        ("http://example.org/a//b", "example.org/a//b"),
        ("http://example.org/a%2Fb", "example.org/a%2Fb"),
        ("http://example.org/a%2fb", "example.org/a%2Fb"),
        ("http://example.org/?x=1&x=2", "example.org/?x=1&x=2"),
        ("http://example.org/?sid=12&id=3&pk_id=4", "example.org/?id=3&pk_id=4&sid=12"),
        ("http://example.org/?notgclid=3&a=utm_source=1", "example.org/?a=utm_source%3D1&notgclid=3"),
        ("http://example.org/a;v=2", "example.org/a;v=2"),
    ],
)
def test_other_pages(url: str, form: str) -> None:
    assert of(url) == form


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("http://example.org", "example.org/"),
        ("http://example.org/?", "example.org/"),
        ("http://example.org/?utm_source=a&gclid=b", "example.org/"),
        ("http://example.org/?a", "example.org/?a="),
        ("http://example.org/?q=a%20b", "example.org/?q=a+b"),
        ("http://münchen.example/ü?q=ü", "xn--mnchen-3ya.example/%C3%BC?q=%C3%BC"),
        ("http://example.org/%E9", "example.org/%E9"),
        ("http://[2001:DB8:0:0::1]:80/", "[2001:db8::1]/"),
    ],
)
def test_spelling(url: str, form: str) -> None:
    assert of(url) == form


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "example.org/a",
        "//example.org/a",
        "mailto:a@example.org",
        "dns:example.org",
        "urn:uuid:0",
        "ftp://example.org/a",
        "http:///a",
        "http://[::1",
        "http://example.org:99999/",
        "http://example.org:x/",
    ],
)
def test_what_names_no_page(url: str | None) -> None:
    assert of(url) is None


def test_any_column() -> None:
    assert canonical(pa.array([], pa.string())).to_pylist() == []
    hostile = [
        "http://" + "a." * 50_000,
        "http://a/" + "../" * 50_000,
        "http://a/?" + "a&" * 50_000,
        "\x00" * 9,
    ]
    assert len(canonical(pa.array(hostile))) == 4


SIGNS = st.text(alphabet="aB1%2Ee&=;?/.:@#[]+ ~_é\t\\|", max_size=30)
PARAMETERS = st.builds(
    lambda name, value: f"{name}={value}",
    st.sampled_from(["utm_source", "gclid", "PHPSESSID", "jsessionid", "a", "b", ""]),
    SIGNS,
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["a.example", "A.example:8080", "u@b.example.", "[::1]:81", "é.example"]),
    SIGNS,
    st.lists(PARAMETERS, max_size=4),
)
def test_the_form_of_a_form_is_itself(host: str, path: str, parameters: list[str]) -> None:
    form = of(f"HTTP://{host}/{path}?{'&'.join(parameters)}")
    assert form is not None
    assert of(f"http://{form}") == form
    assert not re.search(r"[?&](?:gclid|PHPSESSID|utm_source)=", form)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_nothing_is_raised(text: str) -> None:
    of(text.encode("utf-8", "replace").decode())
