"""Values are put together here, so that nobody's scanner takes them for secrets of this repository."""

import re

import pyarrow as pa
import pytest

from massivetext.filters.masking.mask import mask

pytest.importorskip("detect_secrets", reason="detect-secrets, an optional extra, is not installed")

from massivetext.filters.masking.secrets import HINT, LONGEST, detectors, replace_secrets

LETTERS = "b7Kq9ZxW3mTn5RvY8cLd2HfJ6gPs4QaE1UwViOoNyBtGhMrXeCzD0lSkFpAjIuT"
LOWER = "4f9d0c7b2e8a61f35d90b7c4e2a8f16d"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0"
SECRETS = {
    "aws": f"{'AKIA'}{'QYLPMN5HZ3K7W2XR'}",
    "aws_secret": LETTERS[:40],
    "azure": f"AccountKey={(LETTERS * 2)[:86]}==",
    "discord": f"M{LETTERS[:23]}.{LETTERS[:6]}.{LETTERS[:27]}",
    "github": f"{'ghp'}_{LETTERS[:36]}",
    "gitlab": f"{'glpat'}-{LETTERS[:20]}",
    "gitlab_agent": f"{'glagent'}-{LETTERS[:50]}",
    "jwt": JWT,
    "mailchimp": f"{LOWER}-us12",
    "npm": f"npm_{LETTERS[:36]}",
    "openai": f"sk-{LETTERS[:20]}T3BlbkFJ{LETTERS[:20]}",
    "pypi": f"{'pypi'}-AgEIcHlwaS5vcmc{(LETTERS * 2)[:80]}",
    "sendgrid": f"SG.{LETTERS[:22]}.{LETTERS[:43]}",
    "slack": f"{'xoxb'}-2345678901-{LOWER[:12]}",
    "slack_hook": f"https://hooks.slack.com/{'services'}/T{LETTERS[:8]}/B{LETTERS[:8]}/{LETTERS[:24]}",
    "square": f"{'sq0csp'}-{LETTERS[:43]}",
    "stripe": f"{'sk'}_live_{LETTERS[:24]}",
    "telegram": f"123456789:{LETTERS[:35]}",
    "twilio": f"AC{LOWER}",
    "password": "tr0ub4dor-3",
}
LINES = {
    "aws_secret": 'aws_secret_access_key = "{}"',
    "npm": "//registry.example.org/:_authToken={}",
    "password": 'db = "postgres://someone:{}@db.example.org/x"',
}


def found(text: str) -> tuple[str, int]:
    return replace_secrets(text, lambda value: f"<{len(value)}>")


@pytest.mark.parametrize("kind", SECRETS)
def test_what_detectors_find(kind: str) -> None:
    value, line = SECRETS[kind], LINES.get(kind, 'x = "{}"  # é')
    assert found(f"a\n{line.format(value)}\nb") == (f"a\n{line.format(f'<{len(value)}>')}\nb", 1)


@pytest.mark.parametrize(
    "kind", ["RSA PRIVATE KEY", "PRIVATE KEY", "PGP PRIVATE KEY BLOCK", "EC PRIVATE KEY"]
)
@pytest.mark.parametrize("end", ["\n", "\\n"])
def test_private_keys_are_taken_whole(kind: str, end: str) -> None:
    body = end + end.join([LETTERS] * 12) + end
    text = f'k = "-----BEGIN {kind}-----{body}-----END {kind}-----"'
    assert found(text) == (f'k = "-----BEGIN {kind}-----\n<{len(body)}>\n-----END {kind}-----"', 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        f'sha1 = "{LOWER}"  # {LETTERS}',
        'password = "hunter2"',
        "http://user:<password>@example.org http://user:${PASS}@example.org http://a:*****@example.org",
        "AKIAABCDEFGHIJKLMNOP is sequential? no: " + "123456789" * 3,
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "-----BEGIN RSA PRIVATE KEY-----",
        'START = b"-----BEGIN OPENSSH PRIVATE KEY-----"\nEND = b"-----END OPENSSH PRIVATE KEY-----"',
        "eyJub3QganNvbg.eyJub3QganNvbg",
        "http://example.org:8080/a@b git@example.org:a/b.git 12:30:45",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert found(text) == (text, 0) or "AKIA" in text


def test_the_detectors_find_nothing_more() -> None:
    lines = [LINES.get(kind, "x = '{}'").format(value) for kind, value in SECRETS.items()]
    masked, count = found("\n".join(lines))
    assert count == len(SECRETS)
    assert found(masked) == (masked, 0)
    for detector, _ in detectors():
        assert any(value for line in lines for value in detector().analyze_string(line))
        values = [value for line in masked.split("\n") for value in detector().analyze_string(line)]
        assert [value for value in values if not value.startswith("<")] == []


def test_masks_depend_on_value_and_seed() -> None:
    text = f"{SECRETS['github']} {SECRETS['stripe']}\n{SECRETS['github']}"
    masked, counts = mask(pa.array([text, None, "a@example.org"]), ("secret",), 1)
    first, second, third = str(masked[0]).split()
    assert re.fullmatch(r"secret-[0-9a-f]{16}", first)
    assert first == third != second
    assert masked.to_pylist()[1:] == [None, "a@example.org"]
    assert counts.column("masked_secret_count").to_pylist() == [3, 0, 0]
    assert mask(pa.array([text]), ("secret",), 2)[0] != masked.slice(0, 1)
    assert mask(masked, ("secret",), 1)[0] == masked


def test_a_password_in_a_url_is_no_address() -> None:
    text = f"ftp://someone:{SECRETS['password']}@host.example.org/"
    masked, counts = mask(pa.array([text]), ("secret", "email"), 1)
    assert SECRETS["password"] not in str(masked[0])
    assert counts.column("masked_secret_count").to_pylist() == [1]


def test_of_long_lines_words_are_searched() -> None:
    key = SECRETS["github"]
    assert found(f"{key} " + "a " * LONGEST + f"\t{key}\n{key}") == (
        "<40> " + "a " * LONGEST + "\t<40>\n<40>",
        3,
    )
    assert found(f"{key}-" + "a" * LONGEST) == (f"{key}-" + "a" * LONGEST, 0)


@pytest.mark.parametrize(
    "unit", ["eyJ", "sk-", "//", "://a:", "-----BEGIN RSA PRIVATE KEY-----\n", "AKIA", "aws key '", "0:"]
)
def test_hostile_text_is_read_in_bounded_time(unit: str) -> None:
    text = (unit * (LONGEST // len(unit) - 20) + "eyJa.b" + ":_authToken= T3BlbkFJ x@y\n") * 20
    assert found(text)[1] >= 0


def test_a_hint_is_a_pattern_of_re2() -> None:
    import pyarrow.compute as pc

    assert pc.match_substring_regex(pa.array([SECRETS["github"], "no"]), HINT).to_pylist() == [True, False]
