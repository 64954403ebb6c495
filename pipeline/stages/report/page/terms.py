"""What the terms on the page mean, a line each, for readers new to them. docs/rules.md says it to the letter."""

from massivetext.filters.families import FAMILIES


def steps() -> dict[str, str]:
    """By step of the funnel."""
    return {
        "read": "documents found in the source's files",
        "failed": "records that could not be read or have no text that can be decoded",
        **{name: family.meaning for name, family in FAMILIES.items()},
        "url": "older captures of a page that was captured again",
        "exact": "copies of another document, which stays",
        "near": "almost copies of another document, which stays: they share most of their runs of words or characters",
        "contaminated": "documents that hold text of a test set",
        "kept": "what is left, and is tokenized",
    }


def measurements() -> dict[str, str]:
    """By column."""
    families = FAMILIES.values()
    return {
        "language_probability": "how sure the language identification is",
        **{column: meaning for family in families for column, meaning in family.meanings.items()},
        **{
            family.taken_column: f"characters that {family.name} took from the text"
            for family in families
            if family.rewrite
        },
        "masked_secret_count": "passwords and keys that were masked",
        "masked_email_count": "e-mail addresses that were masked",
        "masked_ip_count": "IP addresses that were masked",
        "masked_phone_count": "telephone numbers that were masked",
    }


OTHERS = {
    "language": "what fastText's identification says of the text",
    "licence": "what the file or its repository states",
    "robots": "robots directives in the page or its headers",
    "blocklist": "where the document is from",
    "columns": "a column of the source's own",
}
"""By rule that is about no measurement."""


def meaning(name: str) -> str:
    """Of a measurement, or of another rule."""
    return measurements().get(name) or OTHERS.get(name) or OTHERS["columns"]
