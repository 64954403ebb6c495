import pytest

from massivetext.pipeline.read.wikipedia.wiki import EDITIONS, is_redirect, of

LARGEST = "en ceb de fr sv nl ru es it arz pl ja zh vi uk war ar pt fa ca".split()  # noqa: SIM905


def test_the_largest_editions_are_known() -> None:
    assert set(LARGEST) - {"en"} <= set(EDITIONS)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("de", {"datei", "bild", "kategorie", "file", "image", "category"}),
        ("vi", {"tập tin", "thể loại"}),
        ("zh", {"文件", "檔案", "分类", "分類"}),
        ("xx", {"file", "image", "media", "category"}),
    ],
)
def test_names_of_namespaces(language: str, names: set[str]) -> None:
    assert names <= of(language, frozenset()).dropped
    assert "eigene" in of(language, frozenset({"eigene"})).dropped


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "#REDIRECT [[A]]", True),
        ("de", " #WEITERLEITUNG [[A]]", True),
        ("de", "#redirect:[[A]]", True),
        ("fa", "#تغییر_مسیر [[A]]", True),
        ("ru", "#Перенаправление [[A]]", True),
        ("ja", "#転送 [[A]]", True),
        ("en", "#WEITERLEITUNG [[A]]", False),
        ("en", "# a list [[A]]", False),
        ("en", "Text #REDIRECT [[A]]", False),
    ],
)
def test_redirects(language: str, text: str, expected: bool) -> None:
    assert is_redirect(text, language) is expected
