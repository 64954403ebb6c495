import pyarrow as pa
import pytest

from massivetext.filters.blocklist import Blocklist

LIST = Blocklist.of(
    pa.array(["bad.example", "Sub.Other.Example", "bad.example", "co.uk.example", "http://as-url.example/"]),
    pa.array(["https://good.example/bad?q=1", "good.example/folder/"]),
)


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("http://bad.example/", "bad.example"),
        ("https://www.a.BAD.example:8080/x", "bad.example"),
        ("http://user:word@bad.example/x", "bad.example"),
        ("http://bad.example.", "bad.example"),
        ("http://notbad.example/", None),
        ("http://bad.example.org/", None),
        ("http://other.example/", None),
        ("http://x.sub.other.example/", "sub.other.example"),
        ("http://as-url.example/anything", "as-url.example"),
        ("http://good.example/bad?q=1#part", "good.example/bad?q=1"),
        ("http://good.example/bad", None),
        ("https://good.example/folder", "good.example/folder"),
        ("https://good.example/folder/page", None),
        ("http://good.example/?u=http://bad.example/", None),
        ("mailto:", None),
        ("", None),
        (None, None),
    ],
)
def test_match(url: str | None, entry: str | None) -> None:
    assert LIST.match(pa.array([url], pa.string())).to_pylist() == [entry]


def test_lists_may_be_empty() -> None:
    nothing = Blocklist.of(pa.array([], pa.string()), pa.array([], pa.string()))
    assert nothing.match(pa.array(["http://a.example/", None])).to_pylist() == [None, None]
    assert LIST.match(pa.array([], pa.string())).to_pylist() == []


def test_hosts_of_absurdly_many_labels() -> None:
    assert LIST.match(pa.array(["http://" + "a." * 10_000 + "bad.example/"])).to_pylist() == [None]
    assert LIST.match(pa.array(["http://" + "a." * 100 + "bad.example/"])).to_pylist() == ["bad.example"]
