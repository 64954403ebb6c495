"""What an element's tag, class, id and role say about its text."""

import re
from functools import lru_cache

SUSPECT = 1  # navigation, advertising, about the page
COMMENT = 2  # what readers wrote
MAIN = 4  # the main content
ARTICLE = 8  # an article: main content, and where it is one article, nothing else

_ATTRIBUTE = re.compile(r' (class|id|role|itemprop|style|aria-hidden|hidden)="([^"]*)"')
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Words of a class or id; hyphens may be left out.
_SUSPECT_WORDS = r"""
    nav(?:bar|box|igation|i)? (?:sub|main|top|side|drop(?:down)?)?menus? side-?bars?\w* foot(?:er)?
    bread-?crumbs? masthead toolbar pagination pager paging page-?nav\w* skip-?links? jump-?to toc
    search-?(?:box|form|bar)? shar(?:e|ing)\w* social\w* related\w* recommend\w* see-?also read-?more
    more-?(?:links|stories|articles|news) trending popular most-?(?:read|popular|viewed) teasers? outbrain
    taboola promo\w* sponsor\w* adverti\w* ads? adsense dfp banner donate cta call-?to-?action cookies?
    consent gdpr newsletter\w* subscri\w* sign-?up log-?in register pop-?up modal overlay lightbox
    widget-?area by-?line dateline timestamp bio author(?:s|-?(?:box|bio|info|name|card|meta))? post-?meta
    entry-?meta meta-?data tags tag-?(?:list|cloud) copyright legal disclaimer caption credits? ratings?
    poll survey feedback contact-?(?:form|box) attachment\w* gallery slide-?shows? carousel player
    tool-?tips? hidden invisible collapse sr-?only screen-?reader\w* visually-?hidden no-?print
    print-?only hatnote edit-?section
"""
_COMMENT_WORDS = r"comments? comment-?(?:list|section|area|body|form) disqus\w* respond"
_MAIN_WORDS = r"""
    (?:article|post|entry|story|blog|news|page|main)-?(?:body|content|text|main)\w* content-?(?:body|main|text|article)
    articlebody story article h-?entry e-?content
"""


def _any(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{'|'.join(words.split())})(?![a-z])")


_SUSPECT, _COMMENT, _MAIN = _any(_SUSPECT_WORDS), _any(_COMMENT_WORDS), _any(_MAIN_WORDS)
_SUSPECT_ROLES = frozenset(
    [
        "navigation",
        "banner",
        "contentinfo",
        "complementary",
        "search",
        "dialog",
        "menu",
        "menubar",
        "alert",
        "toolbar",
    ]
)
_MAIN_ROLES = frozenset(("main", "article"))
_NO_SUSPECTS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "pre"))
_TAGS = dict.fromkeys(("aside", "dialog", "figcaption", "footer", "header", "menu", "search"), SUSPECT) | {
    "article": MAIN | ARTICLE,
    "main": MAIN,
}
LONGEST = 500  # characters of a class or id that are read


def signs(tag: str, attributes: str) -> int:
    """The bits above that apply to an element, by its tag and its attributes as they are written."""
    if not attributes or tag in _NO_SUSPECTS:
        return _TAGS.get(tag, 0)
    found = _TAGS.get(tag, 0)
    for name, value in _ATTRIBUTE.findall(attributes):
        if name == "class" or name == "id":
            found |= _of_words(value[:LONGEST]) & (~SUSPECT if tag == "article" else ~0)
        elif name == "role":
            found |= SUSPECT * (value in _SUSPECT_ROLES) | MAIN * (value in _MAIN_ROLES)
        elif name == "itemprop":
            found |= (MAIN | ARTICLE) * (value.lower() == "articlebody")
        elif (
            name == "hidden"
            or (name == "aria-hidden" and value == "true")
            or (name == "style" and "display:none" in value.replace(" ", "").lower())
        ):
            found |= SUSPECT
    return found


@lru_cache(1 << 13)
def _of_words(names: str) -> int:
    words = _HUMP.sub("-", names).lower().replace("_", "-")
    found = MAIN if _MAIN.search(words) else 0
    if _COMMENT.search(words):
        found |= COMMENT
    if _SUSPECT.search(words):
        found |= SUSPECT
    return found
