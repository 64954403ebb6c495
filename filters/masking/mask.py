"""Masks personal data: secrets, e-mail addresses, public IP addresses, telephone numbers. Off by default.

Each value is replaced by one that is reserved for examples and depends on the value and the seed alone, so that an
address is replaced by the same one everywhere in a run: `mail-1f0c3a9b52@example.com`; 192.0.2.0/24, 198.51.100.0/24
and 203.0.113.0/24 (RFC 5737), 2001:db8::/32 (RFC 3849); +1-202-555-0100 to 0199; for a secret
`secret-1f0c3a9b521f0c3a`. Many IPv4 addresses and telephone numbers get the same replacement, since few are reserved.
A replacement does not show its value, but whoever has the seed can try values one by one.

Limits: addresses in disguise (`name at host`) or in scripts other than ASCII are not found. Nor are telephone numbers
other than North American ones (212-555-1234) and those that begin with +. A version number of four parts counts as an
IP address, and a number that is grouped like a telephone number as one. Private and loopback addresses stay. Only the
text is masked, not URLs and titles.
"""

import hashlib
import ipaddress
import re
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.masking.secrets import HINT, replace_secrets
from massivetext.schemas.measurement import MASKED

KINDS = ("secret", "email", "ip", "phone")  # in this order: a password in a URL may look like an address
EXAMPLE_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")

# RE2 looks for these hints in all documents. Python's re reads only documents with a match, with the patterns below.
# Every repetition in those patterns is bounded, so that they take linear time.
HINTS = {
    "secret": HINT,
    "email": r"[A-Za-z0-9._%+-]@[A-Za-z0-9]",
    "ip": r"\d\.\d{1,3}\.\d{1,3}\.\d|:[0-9A-Fa-f]{0,4}:",
    "phone": r"\+\d|\d{3}\)? ?[.-]?\d{3}[.-]\d{4}",
}
EMAIL = re.compile(
    r"(?<![\w.%+-])[A-Za-z0-9_%+-][A-Za-z0-9._%+-]{0,63}@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])"
)
IP = re.compile(
    r"(?<![\w.:])(?:(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:]|\.\d))",
    re.ASCII,
)
PHONE = re.compile(
    r"(?<![\w+.-])(?:\+\d{1,3}(?:[ .-]?\(\d{1,4}\))?(?:[ .-]?\d{2,4}){2,6}"
    r"|(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[.-]\d{4})(?!\w|[.-]\d)",
    re.ASCII,
)


def mask(text: pa.StringArray, kinds: Sequence[str], seed: int) -> tuple[pa.StringArray, pa.RecordBatch]:
    """The texts with the values of `kinds` (some of KINDS) replaced, and how many were replaced in each text, as MASKED
    (null for other kinds).
    """
    counts = []
    for kind in KINDS:
        if kind in kinds:
            text, found = _mask_kind(text, kind, seed)
            counts.append(pa.array(found))
        else:
            counts.append(pa.nulls(len(text), pa.int64()))
    return text, pa.RecordBatch.from_arrays(counts, schema=MASKED)


def _mask_kind(text: pa.StringArray, kind: str, seed: int) -> tuple[pa.StringArray, np.ndarray]:
    counts = np.zeros(len(text), np.int64)
    hinted = pc.match_substring_regex(text, HINTS[kind]).fill_null(False)
    if not pc.any(hinted).as_py():
        return text, counts
    masked = []
    for row, value in zip(np.flatnonzero(hinted), text.filter(hinted).to_pylist(), strict=True):
        replaced, counts[row] = _rewritten(value, kind, seed)
        masked.append(replaced)
    return pc.replace_with_mask(text, hinted, pa.array(masked, pa.string())), counts


def _rewritten(text: str, kind: str, seed: int) -> tuple[str, int]:
    """A text with the values of one kind replaced, and the number of these values."""
    if kind == "secret":
        return replace_secrets(text, lambda value: f"secret-{_hash('secret', value, seed):016x}")
    pattern, replacement = _REPLACEMENTS[kind]
    found = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal found
        replaced = replacement(match[0], seed)
        found += replaced is not None
        return match[0] if replaced is None else replaced

    return pattern.sub(replace, text), found


def _hash(kind: str, value: str, seed: int) -> int:
    digest = hashlib.blake2b(f"{seed} mask {kind} {value}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _email(value: str, seed: int) -> str | None:
    return f"mail-{_hash('email', value.lower(), seed) >> 24:010x}@example.com"


def _ip(value: str, seed: int) -> str | None:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return None
    if not address.is_global:
        return None
    chosen = _hash("ip", str(address), seed)
    if address.version == 6:
        return str(ipaddress.IPv6Address((0x20010DB8 << 96) | chosen))
    return f"{EXAMPLE_NETWORKS[chosen % 3]}.{chosen // 3 % 254 + 1}"


def _phone(value: str, seed: int) -> str | None:
    digits = "".join(filter(str.isdecimal, value))
    if not 7 <= len(digits) <= 15:  # E.164
        return None
    return f"+1-202-555-01{_hash('phone', digits, seed) % 100:02d}"


_REPLACEMENTS: dict[str, tuple[re.Pattern[str], Callable[[str, int], str | None]]] = {
    "email": (EMAIL, _email),
    "ip": (IP, _ip),
    "phone": (PHONE, _phone),
}
