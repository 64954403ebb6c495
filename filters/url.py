"""The canonical form of URLs, which is the same for all URLs that name one page.

It is w3lib's canonical form (RFC 3986's normal spelling, section 6.2.2; parameters sorted; no fragment) without the
parts that identify a visit and not a page. docs/content.md states all of it.
"""

import pyarrow as pa
import pyarrow.compute as pc
from w3lib.url import canonicalize_url

# Parameters by which those who place links count visitors.
TRACKING = (
    r"utm_[a-z_]+|mtm_[a-z_]+|pk_(?:campaign|kwd|keyword|source|medium|content)|gclid|gclsrc|dclid|gbraid|wbraid|"
    r"fbclid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|igshid|igsh|mc_cid|mc_eid|mkt_tok|_ga|_gl|_hsenc|_hsmi|"
    r"__hstc|__hssc|__hsfp|vero_id|oly_anon_id|oly_enc_id"
)
# Parameters by which web frameworks number visits. `sid` stays, since it may number a story.
SESSION = r"jsessionid|phpsessid|aspsessionid[a-z]*|cfid|cftoken"

_DEFAULT_PORT = r"^(http://[^/]*):80/|^(https://[^/]*):443/"
_PARTS = r"^https?://(?:[^/@]*@)?(?P<host>[^/@]+?)\.?(?P<port>:\d+)?(?P<path>/[^?]*)(?:\?(?P<query>.*))?$"
_IN_PATH = rf"(?i);(?:{SESSION})(?:=[^;/]*)?"
_IN_QUERY = rf"(?i)(?:^|&)(?:{TRACKING}|{SESSION})=[^&]*"


def canonical(urls: pa.StringArray) -> pa.StringArray:
    """`example.org/path?query` for each http or https URL; null for others, and for a text that is not a URL."""
    spelt = pa.array([_spelt(url) for url in urls.to_pylist()], pa.string())
    parts = pc.extract_regex(pc.replace_substring_regex(spelt, _DEFAULT_PORT, r"\1\2/"), _PARTS)
    host, port, path, query = (pc.struct_field(parts, name) for name in ("host", "port", "path", "query"))
    path = pc.replace_substring_regex(path, _IN_PATH, "")
    query = pc.utf8_ltrim(pc.replace_substring_regex(query, _IN_QUERY, ""), "&")
    mark = pc.if_else(pc.equal(query, ""), "", "?")
    return pc.binary_join_element_wise(host, port, path, mark, query, "")


def _spelt(url: str | None) -> str | None:
    try:
        return url and canonicalize_url(url)
    except ValueError:
        return None
