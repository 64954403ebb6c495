import numpy as np
import pytest

from massivetext.filters.html.signs import (
    CHROME,
    COMMENT,
    LANDMARK,
    MAIN,
    SUSPECT,
    TEASER,
    hides,
    read_role,
    read_words,
)


def array(text: str) -> np.ndarray:
    return np.frombuffer(text.encode() + b"\0", np.uint8)


@pytest.mark.parametrize(
    ("names", "signs"),
    [
        ("sidebar", SUSPECT | CHROME),
        ("side-bar left", SUSPECT | CHROME),
        ("mySideBar2", SUSPECT | CHROME),
        ("MAIN_SIDEBAR", SUSPECT | CHROME),
        ("sharing2 x", SUSPECT | CHROME),
        ("x socialLinks", SUSPECT | CHROME),
        ("navi", SUSPECT | CHROME),
        ("navy", 0),
        ("adopt shaded", 0),
        ("reader", 0),
        ("ad", SUSPECT),
        ("comment-list", COMMENT),
        ("commented", 0),
        ("filter", CHROME),
        ("reviews-list", CHROME),
        ("post-content", MAIN),
        ("articleBody", MAIN),
        ("entry-content comments nav", MAIN | COMMENT | SUSPECT | CHROME),
        ("lead-teaser", TEASER),
        ("teaserText ads", TEASER | SUSPECT),
        ("hidden", SUSPECT),
        ("a hidden\nb", SUSPECT),
        ("hidden-xs", 0),
        ("field--label-hidden", 0),
        ("", 0),
        ("-", 0),
        ("é-nav", SUSPECT | CHROME),
        ("x" * 600 + " nav", 0),
    ],
)
def test_words_of_classes(names: str, signs: int) -> None:
    assert read_words(array(names), 0, len(names.encode())) == signs


@pytest.mark.parametrize(
    ("style", "hidden"),
    [
        ("display:none", True),
        ("color: red; DISPLAY : none;", True),
        ("display:block", False),
        ("ddisplay:none", True),
    ],
)
def test_styles(style: str, hidden: bool) -> None:
    assert hides(array(style), 0, len(style)) == hidden


def test_roles() -> None:
    roles = ("Navigation", "main", "list", "")
    assert [read_role(array(role), 0, len(role)) for role in roles] == [
        SUSPECT | CHROME,
        MAIN | LANDMARK,
        0,
        0,
    ]
