"""Lexicons: what a line means, and what is said of a line that means nothing."""

from pathlib import Path

import pyarrow as pa
import pytest

from massivetext.filters.features import count, together
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.stages.report.lexicon import LEXICONS, about, read, term


def written(folder: Path, text: str) -> str:
    path = folder / "lexicon.txt"
    path.write_text(text)
    return str(path)


def test_terms_and_patterns(tmp_path: Path) -> None:
    path = written(tmp_path, "# a comment\n\nfixin' to\n/\\bhe\\s+gon\\b/\r\n  finna  \n")
    patterns = read(path).patterns
    assert len(patterns) == 3
    texts = ["She’s FIXIN’\n to go; he gon stay.", "finnan haddie, then gone", "finna, finna"]
    assert count(pa.array(texts), together(patterns)).tolist() == [2, 0, 2]


@pytest.mark.parametrize(
    ("entry", "found", "not_found"),
    [("y'all", "Y’all come", "yall"), ("été", "l’été, ÉTÉ", "étés"), ("'bout", "talk 'bout it", "about")],
)
def test_terms_are_whole_words(entry: str, found: str, not_found: str) -> None:
    assert count(pa.array([found, not_found]), term(entry)).tolist()[1] == 0
    assert count(pa.array([found]), term(entry)).tolist()[0] > 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("good\n/(bad/\n", r"line 2: /\(bad/: not a pattern: missing \)"),
        ("go(es)\n", r"line 1: go\(es\): a term holds no signs of a pattern; write a pattern as /go\(es\)/"),
        ("# nothing\n", "holds no term"),
    ],
)
def test_lines_that_mean_nothing(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read(written(tmp_path, text))


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read(str(tmp_path / "none.txt"))
    with pytest.raises(
        ConfigError, match="no lexicon `klingon` is bundled; there are african_american_english"
    ):
        read("bundled:klingon")


ENGLISH = {
    "They always be saying that, cause he be working late.": 2,
    "She done told him. Ain't nobody got time.": 2,
    "I'm finna go. He gon stay, and they tryna sleep.": 3,
    "They been knew. What had happened was this.": 2,
    "Will he be working? They have done what she had told them to do.": 0,
    "She is going to be saying it again, and nobody has time for the mines.": 0,
    "Nicht dem Kind, dat is de kat; sista gången.": 0,
}


def test_features_of_african_american_english() -> None:
    assert "african_american_english" in LEXICONS.names()
    pattern = together(read("bundled:african_american_english").patterns)
    assert dict(zip(ENGLISH, count(pa.array(list(ENGLISH)), pattern).tolist(), strict=True)) == ENGLISH


OTHER_ENGLISH = {
    "singapore_english": {
        "Can lah, don't like that leh. So kiasu!": 3,
        "He can or cannot do it; the loranges are ripe.": 0,
    },
    "nigerian_pidgin": {
        "I dey go market, abeg. Wetin you dey do? E don spoil.": 5,
        "The hash is SHA-1 and the ABI is stable. There is no fit between una cosa and WAN.": 0,
    },
}


@pytest.mark.parametrize("name", OTHER_ENGLISH)
def test_features_of_other_englishes(name: str) -> None:
    texts = OTHER_ENGLISH[name]
    found = count(pa.array(list(texts)), together(read(f"bundled:{name}").patterns)).tolist()
    assert dict(zip(texts, found, strict=True)) == texts
    assert "Limits." in " ".join(about(f"bundled:{name}"))
