"""Licences of code: which one a text states, as an SPDX expression, and whether it is permitted.

Licence texts are matched by `licenseclassifier`, a port of the matcher behind pkg.go.dev
(google/licensecheck): word patterns of some 700 SPDX licences in one automaton, linear in the text.
Expressions are read by `license-expression`, which bundles the SPDX list.
"""

import re
import threading
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

import pyarrow as pa
from license_expression import (
    ExpressionError,
    LicenseWithExceptionSymbol,
    Licensing,
    get_spdx_licensing,
)
from licenseclassifier import identify_license

KEPT = frozenset(
    {"Apache-2.0", "MIT", "BSD-3-Clause", "BSD-2-Clause", "Unlicense", "CC0-1.0", "ISC", "Artistic-2.0"}
)
"""The eight licences of Gopher's GitHub set (arXiv 2112.11446, appendix A)."""

UNKNOWN = "LicenseRef-unknown"
"""Stands for a licence that is stated but not understood. It is never permitted."""

COVERAGE = 75.0  # per cent of a licence file's words that must be licence text (licensecheck's default)
TEXT_LIMIT = 1 << 20  # characters; longer licence files list third parties' licences
EXPRESSION_LIMIT = 1000  # characters
CHOICE_LIMIT = 3000  # characters around the licences; more are prose, in which "either" offers no choice
WINDOW = 120  # characters after "licensed under" in which a licence's name is looked for

TAG = re.compile(r"SPDX-License-Identifier:[ \t]*([A-Za-z0-9.+:() \t-]*)")
MARKS = re.compile(r"[\s*#/;%!\"'<>(){}|_-]+")
RESTRICTED = re.compile(r"non ?commercial|commons clause|(?:academic|research|personal) use|evaluation only")
LATER = re.compile(r"(?:or|at your option) any later(?: version)?|or later|or newer")
CHOICE = re.compile(
    r"dual licen[sc]|\beither\b|alternatively|at your option|your choice|\bchoose\b"
    r"|one of the (?:follow|above)"
)
NOTICE = re.compile(
    r"(?:licen[sc]ed|released|distributed|available|provided|published) (?:\w+ ){0,3}under|terms of"
    r"|licen[sc]e ?:|@licen[sc]e\b"
)
NAMES = {
    "Apache-2.0": re.compile(r"\bapache(?: software)? (?:licen[sc]e,? ?)?(?:v|version )?2\b"),
    "MIT": re.compile(r"\bmit\b(?! style| x11| like)"),
    "BSD-3-Clause": re.compile(r"\b(?:3|three) clause bsd|\bbsd (?:3|three) clause|\b(?:new|modified) bsd"),
    "BSD-2-Clause": re.compile(r"\b(?:2|two) clause bsd|\bbsd (?:2|two) clause|\bsimplified bsd"),
    "ISC": re.compile(r"\bisc licen[sc]e"),
    "Unlicense": re.compile(r"\bunlicense\b"),
    "CC0-1.0": re.compile(r"\bcc0\b"),
    "Artistic-2.0": re.compile(r"\bartistic licen[sc]e,? (?:v|version )?2"),
    "MPL-2.0": re.compile(r"\bmozilla public licen[sc]e|\bmpl\b"),
    "EPL-2.0": re.compile(r"\beclipse public licen[sc]e"),
}
# Any mention of a copyleft licence counts, since it is better to refuse too much than too little.
COPYLEFT = re.compile(
    r"\b(?:(affero general public|agpl)|((?:lesser|library) general public|lgpl)|(?:general public|gpl))"
    r"(?:(?: licen[sc]e)?,? ?(?:v|version ?)?([123](?:\.[01])?)(?![\w]))?"
)

_scanner = threading.Lock()  # one thread at a time, since the matcher's automaton grows while it reads


def identify(text: str) -> str | None:
    """The SPDX expression that a licence file's text states; None if the text is not understood.

    `SPDX-License-Identifier:` lines count first. Without one, at least COVERAGE per cent of the words must be texts
    of known licences. Several licences are joined by OR if the words around them offer a choice, else by AND. A text
    that adds a restriction to a known licence (non-commercial use, say) is not understood.
    """
    if len(text) > TEXT_LIMIT:
        return None
    return _tagged(text) or _stated(text, COVERAGE)


def identify_header(comment: str) -> str | None:
    """The SPDX expression that a source file's leading comment states; None if it states no licence.

    Short notices ("Licensed under the MIT license") count as well as what `identify` knows. A statement that is not
    understood is UNKNOWN.
    """
    if "SPDX-License-Identifier:" in comment:
        return _tagged(comment) or UNKNOWN
    return _stated(comment, 0)


def permitted(expression: str, kept: frozenset[str] = KEPT) -> bool:
    """Whether an SPDX expression can be fulfilled with the licences in `kept` alone.

    `A OR B` needs one branch, `A AND B` both. `A WITH exception` counts as A, because SPDX's exceptions only add
    permissions, and so does `A+`. A text that is not an SPDX expression is not permitted.
    """
    parsed = _parse(expression)
    return parsed is not None and _fulfilled(parsed, kept)


def permit(licence: pa.StringArray, kept: frozenset[str] = KEPT) -> pa.BooleanArray:
    """Whether each SPDX expression is permitted (see `permitted`); null is not.

    Each distinct expression is judged once.
    """
    encoded = licence.dictionary_encode()
    verdicts = pa.array([permitted(each, kept) for each in encoded.dictionary.to_pylist()], pa.bool_())
    return verdicts.take(encoded.indices).fill_null(False)


def normalise(expression: str) -> str | None:
    """An SPDX expression with ids as SPDX spells them; None for another text, and for one with an unknown licence."""
    parsed = _parse(expression)
    if parsed is None or any(not _known(symbol.key) for symbol in _licensing().license_symbols(parsed)):
        return None
    return str(parsed.render())


def join(expressions: Iterable[str], operator: str = "AND") -> str | None:
    """The distinct expressions, sorted and joined by AND or OR; None if there are none."""
    distinct = sorted(set(expressions))
    if len(distinct) < 2:
        return distinct[0] if distinct else None
    return f" {operator} ".join(f"({each})" if " " in each else each for each in distinct)


def _tagged(text: str) -> str | None:
    found = [normalise(match[1].rstrip(" \t-.")) for match in TAG.finditer(text)]
    return None if None in found else join([each for each in found if each])


def _stated(text: str, coverage: float) -> str | None:
    with _scanner:
        matches = identify_license(text, coverage)
    if not matches and coverage:
        return None
    licences = [normalised for match in matches if (normalised := normalise(match.id))]
    if len(licences) < len(matches):
        return None if coverage else UNKNOWN
    ends = [0, *(match.end for match in matches)]
    starts = [*(match.start for match in matches), len(text)]
    around = MARKS.sub(" ", " ".join(text[e:s] for e, s in zip(ends, starts, strict=True)).lower())
    if licences and RESTRICTED.search(around):
        return None if coverage else UNKNOWN
    # The text of a copyleft licence ends with a sample notice, and names related licences. These do not count.
    copyleft = [licence for licence in licences if "GPL" in licence and licence.endswith("-only")]
    if copyleft:
        licences = [licence for licence in licences if not licence.endswith("-or-later")]
    licences += [licence for licence in _named(around) if not (copyleft and "GPL" in licence)]
    choice = len(around) < CHOICE_LIMIT and CHOICE.search(LATER.sub(" ", around))
    return join(licences, "OR" if choice else "AND")


def _named(words: str) -> list[str]:
    """The licences that short notices in `words` name. `words` is lower-cased, with single spaces."""
    later = "or-later" if LATER.search(words) else "only"
    found = []
    for affero, lesser, version in COPYLEFT.findall(words):
        family, oldest = ("AGPL", "3.0") if affero else ("LGPL", "2.0") if lesser else ("GPL", "1.0")
        number = version if "." in version else f"{version}.0"
        stated = normalise(f"{family}-{number}-{later}") if version else None
        found.append(stated or f"{family}-{oldest}-or-later")
    for notice in NOTICE.finditer(words):
        window = words[notice.end() : notice.end() + WINDOW]
        found += [licence for licence, name in NAMES.items() if name.search(window)]
    return found


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()


@lru_cache(maxsize=4096)
def _parse(expression: str) -> Any:
    """The tree of an expression; None if it is empty, too long or not an SPDX expression."""
    if len(expression) > EXPRESSION_LIMIT:
        return None
    try:
        return _licensing().parse(expression)
    except (ExpressionError, RecursionError):
        return None


def _known(key: str) -> bool:
    return key.removesuffix("+") in _licensing().known_symbols or key.startswith("LicenseRef-")


def _fulfilled(node: Any, kept: frozenset[str]) -> bool:
    if isinstance(node, LicenseWithExceptionSymbol):
        exception = node.exception_symbol.key
        known = _licensing().known_symbols.get(exception)
        return known is not None and known.is_exception and _fulfilled(node.license_symbol, kept)
    if node.isliteral:
        return node.key.removesuffix("+") in kept
    verdicts = [_fulfilled(child, kept) for child in node.args]
    return any(verdicts) if isinstance(node, _licensing().OR) else all(verdicts)
