"""Explains the terms on the page to new readers, in a line each. docs/rules.md defines them exactly."""

from massivetext.filters.families import FAMILIES


def steps() -> dict[str, str]:
    """The meanings of the steps of the funnel."""
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
    """The meanings of the measurements, by column."""
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
    "robots": "what the page, its headers or its site's files ask of crawlers",
    "blocklist": "where the document is from",
    "columns": "a column of the source's own",
}
"""The meanings of rules that do not limit a measurement."""


def meaning(name: str) -> str:
    """The meaning of a measurement, or of another rule."""
    return measurements().get(name) or OTHERS.get(name) or OTHERS["columns"]
