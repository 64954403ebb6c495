"""What a shingle is: how many words, or how many characters, in a row."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What the length of a shingle is counted in."""

    WORDS = "words"
    CHARACTERS = "characters"


@dataclass(frozen=True)
class Shingle:
    """So many words or characters in a row. The default is the paper's: 13 words."""

    length: int = 13
    unit: Unit = Unit.WORDS

    def __post_init__(self) -> None:
        if self.length < 1:
            raise ValueError(f"a shingle has 1 or more {self.unit}, not {self.length}")

    def __str__(self) -> str:
        return f"{self.length} {self.unit}"

    @property
    def gram(self) -> str:
        """Its name: `13-gram`, or `character 5-gram`."""
        name = f"{self.length}-gram"
        return f"character {name}" if self.is_of_characters else name

    @property
    def is_of_characters(self) -> bool:
        return self.unit is Unit.CHARACTERS

    @property
    def numbers(self) -> tuple[int, bool]:
        """What kernels know of it: its length, and whether that is in characters."""
        return self.length, self.is_of_characters


PAPER = Shingle()
"""13 words (Gopher, arXiv 2112.11446, appendix A.1.1)."""
