"""The tags that the reader knows: their numbers, and sets of tags as masks, in which bit i stands for tag i.

Tag 0 is the body, the element that holds a page's whole text. A tag that is not named here is inline: it neither
separates text nor makes an element of the tree.
"""

import numpy as np

from massivetext.filters.html.names import table

# Tags whose elements are in the tree, since they separate text or since their text is left out.
TREE = """
    body address article aside blockquote button caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup legend li listing main menu nav ol p pre
    search section select summary table tbody td tfoot th thead tr ul audio canvas datalist map object rp rt
    ruby svg template video shadow-root noscript label unseen-span
""".split()  # noqa: SIM905
# Raw tags: the content of their elements is not markup, and ends at the end tag. Only a title's content is text.
RAW = "script style iframe textarea xmp noembed noframes title".split()  # noqa: SIM905
OTHERS = ("a", "br", "hr", "meta", "span", "sup", "sub", "foreignobject")

_NUMBERS = {name: number for number, name in enumerate((*TREE, *RAW, *OTHERS))}
TAG_KEYS, TAG_NUMBERS = table(_NUMBERS)

BODY = 0
FIRST_RAW = SCRIPT = _NUMBERS["script"]
TITLE, XMP, NOFRAMES = (_NUMBERS[name] for name in ("title", "xmp", "noframes"))
A, BR, HR, META, SPAN, SUP, SUB, FOREIGN_OBJECT = (_NUMBERS[name] for name in OTHERS)
OL, OBJECT, SUMMARY = (_NUMBERS[name] for name in ("ol", "object", "summary"))
FORM, P, PRE, SECTION, SVG = (_NUMBERS[name] for name in ("form", "p", "pre", "section", "svg"))
TABLE, TR = _NUMBERS["table"], _NUMBERS["tr"]
BLOCKQUOTE, DD, DT = (_NUMBERS[name] for name in ("blockquote", "dd", "dt"))
FIRST_HEADING = _NUMBERS["h1"]
ARTICLE_TAG, HEADER, FOOTER = (_NUMBERS[name] for name in ("article", "header", "footer"))
TEMPLATE, NOSCRIPT, SHADOW_ROOT, UNSEEN_SPAN = (
    _NUMBERS[name] for name in ("template", "noscript", "shadow-root", "unseen-span")
)


def mask(names: str) -> np.uint64:
    """The set of some tags of TREE."""
    return np.uint64(sum(1 << _NUMBERS[name] for name in names.split()))


ALL = np.uint64((1 << len(TREE)) - 1)
HEADINGS = mask("h1 h2 h3 h4 h5 h6")
LIST_TAGS = mask("ul ol menu dir")
CELLS = mask("td th")
SECTIONS = mask("tbody thead tfoot")  # of a table
TABLES = mask("table")
ROWS = mask("tr")
TABLE_LEVELS = TABLES | SECTIONS | ROWS  # of a table, outside its cells
TABLE_PARTS = mask("caption") | CELLS | SECTIONS | ROWS
VERBATIM = mask("pre listing")
HIDDEN = mask("audio button canvas datalist map nav object rp rt select svg template video label unseen-span")
# Hidden elements that hold no such elements: where one starts, they were not closed.
SHORT_HIDDEN = mask("select svg")
# Hidden elements that may hold such elements. One that is not closed shows what follows, as in a browser.
LONG_HIDDEN = mask("button label object")
ENDS_HIDDEN = mask("article blockquote h1 h2 h3 h4 h5 h6 ol p pre section table ul")
FOREIGN = mask("svg")  # a slash in the start tag closes the element
INLINE = HIDDEN & ~mask("nav") | mask("ruby")  # the text around them is one block
CLOSES_PARAGRAPH = ALL & ~TABLE_PARTS & ~INLINE & ~mask("legend noscript shadow-root")

# Scopes (HTML, 13.2.4.2): a tag that looks for an open element to close looks no further than an element of these tags.
SCOPE = CELLS | TABLES | mask("caption object template shadow-root")
PARAGRAPH_SCOPE = SCOPE | mask("button")
ITEM_SCOPE = ALL & ~mask("address div p li")
TERM_SCOPE = ALL & ~mask("address div p dd dt")
READING_SCOPE = ALL & ~INLINE | mask("ruby")
ITEMS, TERMS, BUTTONS, READINGS = mask("li"), mask("dd dt"), mask("button"), mask("rp rt")

# HOLDERS may be the main element. GROUPS may be groups in it that are left out as a whole, such as groups of links.
HOLDERS = mask("article body center div fieldset form main section td")
GROUPS = mask("article aside div dl ol section table ul")
LISTS = mask("dl ol ul")
NO_SUSPECTS = HEADINGS | mask("pre")
SUSPECTS = mask("aside dialog figcaption footer form header menu search")
MAIN_TAGS = mask("article main")
CHROME_TAGS = mask("aside dialog footer menu search")
