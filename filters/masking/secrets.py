"""Replaces secrets in texts: keys, tokens and passwords of known forms, which the detectors of detect-secrets find.

Only detectors that recognise a secret by its form are used. Detectors that guess are not: those that look for high
entropy (hashes, test data), for an assignment to a name like `password`, or for a form that ordinary words have, too.
No detector asks a service whether a secret is in use. detect-secrets finds only the first line of a private key; here
the whole key is replaced.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

LONGEST = 1024
"""Characters in the longest line that is searched whole. A longer line is searched word by word, and a longer word is
skipped, since some of the detectors take quadratic time."""

# RE2 looks for this hint in all texts, then in the lines of texts with a match. Every secret that a detector finds
# matches it.
HINT = (
    r"AccountKey=|(?:A3T|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{8}|(?i:aws.*['\"])|://[^/\s]+:[^/\s]+@|:_authToken=|T3BlbkFJ|"
    r"gh[pousr]_[A-Za-z0-9_]{36}|gl[a-z]{2,6}-[A-Za-z0-9_-]{20}|GR1348941|eyJ[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]|"
    r"[0-9a-z]-us[0-9]|pypi-Ag|SG\.[\w-]{22}\.|(?i:xox[a-z]-[0-9])|(?i:hooks\.slack\.com)|sq0csp-|[rs]k_live_|"
    r"[0-9]{8}:[0-9A-Za-z_-]{35}|[\w-]\.[\w-]{6}\.[\w-]{27}|(?:AC|SK)[a-z0-9]{32}|BEGIN [A-Z0-9 ]*PRIVATE KEY"
)
_WORDS = re.compile(r"(\s+)")
_PRIVATE_KEY = re.compile(
    r"(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)(?=\s|\\[nr])((?:[^-]|-(?!-)){48,65536})(?=-----END )"
)


def replace_secrets(text: str, replacement: Callable[[str], str]) -> tuple[str, int]:
    """The text with each secret replaced by `replacement(value)`, and the number of secrets."""
    text, keys = _PRIVATE_KEY.subn(lambda key: f"{key[1]}\n{replacement(key[2])}\n", text)
    lines = text.split("\n")
    found = keys + _replace_in(lines, replacement)
    return "\n".join(lines), found


def _replace_in(pieces: list[str], replacement: Callable[[str], str]) -> int:
    """Replaces the secrets in the pieces of a text, in place; returns their number."""
    found = 0
    hinted = pc.match_substring_regex(pa.array(pieces, pa.string()), HINT).to_numpy(zero_copy_only=False)
    for number in np.flatnonzero(hinted):
        piece = pieces[number]
        if len(piece) <= LONGEST:
            parts, end = [], 0
            for start, stop in _values(piece):
                parts += [piece[end:start], replacement(piece[start:stop])]
                end = stop
                found += 1
            pieces[number] = "".join([*parts, piece[end:]])
        elif len(words := _WORDS.split(piece)) > 1:
            found += _replace_in(words, replacement)
            pieces[number] = "".join(words)
    return found


def _values(piece: str) -> Iterator[tuple[int, int]]:
    """The starts and ends of the secrets, in order. Of two that overlap, the one that starts first counts; of
    two that start together, the longer one.
    """
    end = 0
    for start, stop in sorted(_matches(piece), key=lambda span: (span[0], -span[1])):
        if start >= end:
            yield start, stop
            end = stop


def _matches(piece: str) -> Iterator[tuple[int, int]]:
    patterns, is_none = _patterns()
    for pattern, group, is_valid in patterns:
        for match in pattern.finditer(piece):
            value = match[group].split()[0]  # npm's pattern goes on to the end of the line
            if is_valid(value) and not any(check(value) for check in is_none):
                yield match.start(group), match.start(group) + len(value)


Detector = tuple[re.Pattern[str], int, Callable[[str], bool]]


@lru_cache(maxsize=1)
def _patterns() -> tuple[list[Detector], list[Callable[[str], bool]]]:
    """The detectors in use (a pattern, the group that is the secret, a check that it must pass), and checks that no
    secret passes.
    """
    from detect_secrets.filters import heuristic

    found: list[Detector] = []
    for detector, group in detectors():
        is_valid = getattr(detector, "is_formally_valid", bool)
        found += [(pattern, min(pattern.groups, group), is_valid) for pattern in detector.denylist]
    is_none: list[Callable[[str], bool]] = [
        heuristic.is_sequential_string,
        heuristic.is_templated_secret,
        heuristic.is_not_alphanumeric_string,
    ]
    return found, is_none


def detectors() -> list[tuple[Any, int]]:
    """The detectors of detect-secrets in use, and the group that is the secret in their patterns with groups."""
    # detect-secrets is an optional extra.
    from detect_secrets.plugins import (
        aws,
        azure_storage_key,
        basic_auth,
        discord,
        github_token,
        gitlab_token,
        jwt,
        mailchimp,
        npm,
        openai,
        pypi_token,
        sendgrid,
        slack,
        square_oauth,
        stripe,
        telegram_token,
        twilio,
    )

    return [
        (aws.AWSKeyDetector, 1),
        (azure_storage_key.AzureStorageKeyDetector, 0),
        (basic_auth.BasicAuthDetector, 1),
        (discord.DiscordBotTokenDetector, 0),
        (github_token.GitHubTokenDetector, 0),
        (gitlab_token.GitLabTokenDetector, 0),
        (jwt.JwtTokenDetector, 0),
        (mailchimp.MailchimpDetector, 0),
        (npm.NpmDetector, 1),
        (openai.OpenAIDetector, 0),
        (pypi_token.PypiTokenDetector, 0),
        (sendgrid.SendGridDetector, 0),
        (slack.SlackDetector, 0),
        (square_oauth.SquareOAuthDetector, 0),
        (stripe.StripeDetector, 0),
        (telegram_token.TelegramBotTokenDetector, 0),
        (twilio.TwilioKeyDetector, 0),
    ]
