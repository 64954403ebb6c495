"""Association lists: words for two groups of people, words that may be near them, and templates.

A file is YAML with `groups` (two, each with its words), `words` (lists of words, by name), `templates`, and optionally
`language` (of the documents that are searched) and `about`. A template holds `{person}`, `{word}`, other words with
alternatives after `|`, and `[5]`, which matches at most so many words.

An entry of a group may hold words that belong together: `him|his`. If both groups have as many entries, these are
pairs, in their order: `her|hers` and `him|his`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.stages.report.bundled import Bundle
from massivetext.pipeline.storage import files

ASSOCIATIONS = Bundle("association lists", "associations", ".yaml")
PERSON, WORD = "{person}", "{word}"

Term = Annotated[str, Field(pattern=r"^\S+$")]
Terms = Annotated[list[Term], Field(min_length=2)]


class Lists(BaseModel):
    """A file of association lists."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    groups: Annotated[dict[str, Terms], Field(min_length=2, max_length=2)]
    words: Annotated[dict[str, Terms], Field(min_length=1)]
    templates: Annotated[list[str], Field(min_length=1)]
    language: str | None = None
    about: str = ""

    @model_validator(mode="after")
    def _templates(self) -> "Lists":
        for template in self.templates:
            parts = template.split()
            if parts.count(PERSON) != 1 or parts.count(WORD) != 1:
                raise ValueError(f"templates: `{template}` must hold {PERSON} and {WORD} once each")
        return self

    @property
    def people(self) -> list[str]:
        """Returns the words of the first group, then those of the second."""
        return [word for terms in self.groups.values() for term in terms for word in term.split("|")]

    @property
    def listed(self) -> list[str]:
        """Returns the words of all lists."""
        return list(dict.fromkeys(term for terms in self.words.values() for term in terms))


@dataclass(frozen=True)
class Variant:
    """A template, either unchanged or with one of its words changed: the template's number, and the words."""

    template: int
    changed: str  # the changed word; empty if the template is unchanged
    parts: tuple[str, ...]  # each word with its alternatives, which count together

    def pattern(self, lists: Lists) -> str:
        """Returns a pattern with the groups `person` and `word`, for RE2 and for `re`, in lower case."""
        slots = {
            PERSON: f"(?P<person>{_any(lists.people)})",
            WORD: f"(?P<word>{_any(lists.listed)})",
        }
        found, joint = "", ""
        for part in self.parts:
            if gap := re.fullmatch(r"\[(\d+)\]", part):
                joint = rf"(?:\W+\w+){{0,{gap[1]}}}?\W+"
                continue
            found += (joint if found else "") + slots.get(part, rf"{_any(part.split('|'))}")
            joint = r"\s+"
        return rf"\b{found}\b"


def variants(lists: Lists) -> Iterator[Variant]:
    """Yields each template with the first alternative of each word, then with each other alternative in turn. Articles
    (`a|an|the`) count together; a gap becomes one word shorter and one longer.
    """
    for number, template in enumerate(lists.templates):
        parts = [_choices(part) for part in template.split()]
        own = [choices[0] for choices in parts]
        yield Variant(number, "", tuple(own))
        for place, choices in enumerate(parts):
            for other in choices[1:]:
                yield Variant(number, other, (*own[:place], other, *own[place + 1 :]))


_ARTICLES = frozenset({"a", "an", "the"})


def _choices(part: str) -> list[str]:
    if gap := re.fullmatch(r"\[(\d+)\]", part):
        size = int(gap[1])
        return [part, f"[{max(size - 1, 0)}]", f"[{size + 1}]"]
    others = part.split("|")
    return [part] if set(others) <= _ARTICLES else others


def _any(terms: list[str]) -> str:
    return f"(?:{'|'.join(sorted(map(re.escape, terms), key=len, reverse=True))})"


def read(path: str) -> Lists:
    """Read the lists of a file. Raises ConfigError, which says what is wrong with it."""
    try:
        return Lists.model_validate(
            yaml.safe_load(files.read_bytes(ASSOCIATIONS.place(path)).decode("utf-8-sig"))
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(f"association lists {path}: {where}: {first['msg']}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"association lists {path}: cannot be read: {error}") from error
