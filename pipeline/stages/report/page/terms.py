"""What the terms on the page mean, a line each, for readers new to them. docs/rules.md says it to the letter."""

from massivetext.filters.families import FAMILIES

STEPS = {
    "read": "documents found in the source's files",
    "failed": "records that could not be read or have no text that can be decoded",
    **{name: family.meaning for name, family in FAMILIES.items()},
    "url": "older captures of a page that was captured again",
    "exact": "copies of another document, which stays",
    "near": "almost copies of another document, which stays: most of their shingles (runs of words) are the same",
    "contaminated": "documents that hold text of a test set",
    "kept": "what is left, and is tokenized",
}
"""By step of the funnel."""


_SHARE = "share of the words' characters in"

MEASUREMENTS = {
    "language_probability": "how sure the language identification is",
    "word_count": "words",
    "mean_word_length": "characters in words / words",
    "hash_ratio": "# signs / words",
    "ellipsis_ratio": "ellipses (... or …) / words",
    "bullet_line_fraction": "share of the lines that start with a bullet",
    "ellipsis_line_fraction": "share of the lines that end in an ellipsis",
    "alphabetic_word_fraction": "share of the words that hold a letter",
    "stop_word_count": "how many of the, be, to, of, and, that, have, with occur",
    "duplicate_line_fraction": "share of the lines that repeat another one",
    "duplicate_paragraph_fraction": "share of the paragraphs that repeat another one",
    "duplicate_line_character_fraction": "share of the characters in lines that repeat another one",
    "duplicate_paragraph_character_fraction": "share of the characters in paragraphs that repeat another one",
    **{
        f"top_{n}_gram_character_fraction": f"{_SHARE} the most frequent run of {n} words"
        for n in range(2, 5)
    },
    **{
        f"duplicate_{n}_gram_character_fraction": f"{_SHARE} runs of {n} words that occur twice or more"
        for n in range(5, 11)
    },
    "maximum_line_length": "characters in the longest line",
    "mean_line_length": "characters in lines / lines",
    "alphanumeric_fraction": "share of the characters that are letters or digits",
    "encoded_data_fraction": "share of the characters in encoded data, such as base64",
    "longest_encoded_run": "characters in the longest run of encoded data",
    "control_character_count": "control characters other than tabs and line ends",
    "replacement_character_count": "U+FFFD: characters lost in decoding",
    "mojibake_count": "signs of text decoded with the wrong charset",
    "masked_secret_count": "passwords and keys that were masked",
    "masked_email_count": "e-mail addresses that were masked",
    "masked_ip_count": "IP addresses that were masked",
    "masked_phone_count": "telephone numbers that were masked",
}
"""By column."""

OTHERS = {
    "language": "what fastText's identification says of the text",
    "licence": "what the file or its repository states",
    "robots": "robots directives in the page or its headers",
    "blocklist": "where the document is from",
}
"""By rule that is about no measurement."""


def meaning(name: str) -> str:
    """Of a measurement, or of another rule."""
    return MEASUREMENTS.get(name) or OTHERS[name]
