"""The signs of an element: what its tag, class, id and role say about its text.

A word of a class or id starts after a character that is not a letter, or at a hump (`siteFooter`). It may be written
with hyphens or underscores (`side-bar`). The words listed here are general terms of web design; none is of one site.
"""

from itertools import product

import numpy as np
import numpy.typing as npt

from massivetext.filters.html.names import hash_name, look_up, lower, table
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel

SUSPECT = 1  # navigation, advertising, information about the page
COMMENT = 2  # comments by readers
MAIN = 4  # main content
ARTICLE = 8  # an article: main content, and on a page with one article the whole of it
NAMED = 16  # suspect by its id alone, which may be made of the words of its heading
TEASER = 32  # with a link in it, it leads to another text; without one, it introduces this text
CHROME = 64  # chrome: what a site puts around its content, on pages of every kind
LANDMARK = 128  # declared by the page to be its main content: <main>, role=main
UNSEEN = 256  # hidden by `style`, `hidden` or `aria-hidden`
HIDES = 8192  # hidden by `style` or `hidden`; `aria-hidden` hides text from screen readers alone
SHADOW = 512  # a template that is a shadow root: its content is shown in the place of its parent's
LINKED_DATA = 1024  # a script with linked data, which describes the page
APART = 4096  # dialogs and requests for consent: not part of the page, however much text they hold
THREAD = 2048  # declared by the page to be a thread
AUTHOR = 32768  # the name or profile of who wrote a post
PERMALINK = 65536  # a heading with a link to a place in the page, mostly to itself
REVERSED = 16384  # a list whose numbers go down
ITS_SIGNS = SUSPECT | COMMENT | MAIN | ARTICLE | NAMED | TEASER  # the signs that rules for articles use

# A star after a word stands for any letters and digits that may follow.
_SUSPECTS = """
    nav navbar navbox navi navigation menu menus submenu mainmenu topmenu sidemenu dropmenu dropdownmenu
    submenus mainmenus topmenus sidemenus dropmenus dropdownmenus sidebar* sidebars* foot footer breadcrumb
    breadcrumbs masthead toolbar pagination pager paging pagenav* skiplink skiplinks jumpto toc search
    searchbox searchform searchbar share* sharing* social* related* recommend* seealso readmore morelinks
    morestories morearticles morenews trending popular mostread mostpopular mostviewed outbrain
    taboola promo* sponsor* adverti* ad ads adsense dfp banner donate cta calltoaction cookie cookies consent
    gdpr newsletter* subscri* signup login register popup modal overlay lightbox widgetarea byline dateline
    timestamp bio author authors authorbox authorbio authorinfo authorname authorcard authormeta postmeta
    entrymeta metadata tags taglist tagcloud copyright legal disclaimer caption credit credits rating ratings
    poll survey feedback contactform contactbox attachment* gallery slideshow slideshows carousel player
    tooltip tooltips sronly screenreader* visuallyhidden noprint printonly hatnote
    editsection
"""
_COMMENTS = (
    "comment comments commentlist commentsection commentarea commentbody commentform disqus* respond"
    " commentslist commentssection commentsarea"
)
_PARTS = product("article post entry story blog news page main".split(), "body content text main".split())  # noqa: SIM905
_MAINS = (
    "articlebody story article hentry econtent contentbody contentmain contenttext contentarticle "
    + " ".join(f"{first}{second}*" for first, second in _PARTS)
)
_CHROME = """
    nav navbar navbox navi navigation navmenu navlinks menu menus submenu* mainmenu* topmenu* sidemenu* dropmenu*
    dropdownmenu* menulink* menubar mobilenav* mobilemenu* sitenav* globalnav* topnav* subnav* megamenu* mega
    foot footer* sitefooter* globalfooter* pagefooter* colophon masthead siteheader*
    sidebar* breadcrumb breadcrumbs toolbar pagination pager paging pagenav* skiplink* skipto* jumpto
    searchbox searchform searchbar share sharing* social* newsletter* subscri* signup signin login
    register popup modal* overlay lightbox flyout* drawer* offcanvas* dialog tooltip* sronly screenreader*
    visuallyhidden noprint printonly copyright legal privacy* disclaimer* sponsor* adverti* adsense dfp
    taboola outbrain related recommend* mostread mostpopular mostviewed morestories trending signature*
    addto* tocart* wishlist* minicart* cart facet* filter filters checkbox* authorbio authorbox optin*
    review reviews productreview* customerreview* reviewlist* reviewssection*
    feedback* survey notice notification* announcement* alert* toast* captcha* loading spinner* contactform*
"""
_AUTHORS = (
    "author* byline* username* userinfo* userdetails* userprofile* usercard* userblock messageuser postuser*"
    " postauthor* postprofile* poster posterinfo* posterprofile* avatar*"
)
_APART = "cookie* consent* gdpr* onetrust* otsdk* otpcsdk* privacypreference* cookiebot*"
_WORDS = {
    SUSPECT: _SUSPECTS,
    COMMENT: _COMMENTS,
    MAIN: _MAINS,
    AUTHOR: _AUTHORS,
    TEASER: "teaser teasers",
    CHROME: _CHROME,
    CHROME | APART: _APART,
}
_ALONE = "hidden invisible"  # signs only as whole classes: `label-hidden` says something about a label
ROLE_KEYS, ROLE_SIGNS = table(
    dict.fromkeys(
        "navigation banner contentinfo complementary search dialog menu menubar alert toolbar".split(),  # noqa: SIM905
        SUSPECT | CHROME,
    )
    | dict.fromkeys(("dialog", "alertdialog"), SUSPECT | CHROME | APART)
    | {"main": MAIN | LANDMARK, "article": MAIN}
)
LONGEST = 500  # bytes of a class or id that are read


def _trie() -> tuple[npt.NDArray[np.int16], npt.NDArray[np.uint16]]:
    """A trie of the words, as two tables: the next state by state and letter, 0 for none; and in three rows, by state,
    the signs of the words that end there, of those with a star, and of those that must stand alone.
    """
    states: list[dict[int, int]] = [{}]
    signs: list[list[int]] = [[0, 0, 0]]
    for sign, word in [(sign, word) for sign, words in _WORDS.items() for word in words.split()] + [
        (SUSPECT, word + " ") for word in _ALONE.split()
    ]:
        state = 0
        for letter in word.rstrip("* ").encode():
            if letter - 0x61 not in states[state]:
                states[state][letter - 0x61] = len(states)
                states.append({})
                signs.append([0, 0, 0])
            state = states[state][letter - 0x61]
        signs[state][1 if word.endswith("*") else 2 if word.endswith(" ") else 0] |= sign
    steps = np.zeros((len(states), 26), np.int16)
    for state, following in enumerate(states):
        for letter, after in following.items():
            steps[state, letter] = after
    return steps, np.array(signs, np.uint16).T.copy()


STEPS, (ENDS, STARTS, ALONE) = _trie()
INVISIBLE = np.array(list(b"display:none"), np.int64)


@borrowing_kernel
def any_has(signs: np.ndarray, count: int, sign: int) -> bool:
    """Whether one of the first `count` elements has a sign."""
    found = 0
    for number in range(count):
        found |= signs[number]
    return found & sign != 0


@inlined_kernel
def _is_letter(byte: int) -> bool:
    return 0x61 <= byte | 0x20 <= 0x7A and byte < 0x80


@inlined_kernel
def _is_hump(before: int, byte: int) -> bool:
    return 0x61 <= before <= 0x7A and 0x41 <= byte <= 0x5A


@borrowing_kernel
def read_words(html: np.ndarray, at: int, end: int) -> int:
    """The signs of the words in a class or id, html[at:end]. At least one more byte must follow in html."""
    end = min(end, at + LONGEST)
    signs, before, start = 0, 0, at
    while at < end:
        byte = whole(html[at])
        if _is_letter(byte) and (not _is_letter(before) or _is_hump(before, byte)):
            signs |= _match(html, start, at, end)
        before = byte
        at += 1
    return signs


@borrowing_kernel
def _match(html: np.ndarray, start: int, at: int, end: int) -> int:
    """The signs of the words that start at html[at], in a class or id that starts at html[start]."""
    signs, state, alone = 0, 0, at == start or html[at - 1] <= 0x20
    while at < end:
        byte = whole(html[at])
        if _is_letter(byte):
            state = whole(STEPS[state, (byte | 0x20) - 0x61])
            if state == 0:
                break
            after = whole(html[at + 1]) if at + 1 < end else 0
            signs |= whole(STARTS[state])
            if not _is_letter(after) or _is_hump(byte, after):
                signs |= whole(ENDS[state])
            if alone and after <= 0x20:
                signs |= whole(ALONE[state])
        elif byte != 0x2D and byte != 0x5F:
            break
        at += 1
    return signs


@borrowing_kernel
def hides(html: np.ndarray, at: int, end: int) -> bool:
    """Whether the style html[at:end] contains `display:none`, with any white space."""
    state = 0
    while at < end:
        byte = lower(whole(html[at]))
        if byte > 0x20:
            state = state + 1 if byte == INVISIBLE[state] else whole(byte == INVISIBLE[0])
            if state == len(INVISIBLE):
                return True
        at += 1
    return False


@borrowing_kernel
def read_role(html: np.ndarray, at: int, end: int) -> int:
    """The signs of a role, html[at:end]."""
    return max(look_up(ROLE_KEYS, ROLE_SIGNS, hash_name(html, at, end)), 0)
