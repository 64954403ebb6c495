"""The settings of curate that are not limits: languages, licences, and what is done to texts."""

from importlib.util import find_spec
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from massivetext.filters.language.language import Kept
from massivetext.filters.licence.licence import KEPT, normalise
from massivetext.pipeline.config.section import Fraction, Name, Section


class Language(Section):
    """Which languages are kept. Default sources: all but code."""

    sources: list[Name] | None = None
    """The sources that are judged. Default: all but those of kind code."""
    keep: Annotated[list[str], Field(min_length=1)] = ["en"]
    """The languages that are kept, as ISO 639 codes or labels of the model."""
    minimum_probability: Fraction | dict[str, Fraction] = 0.5
    """A document is removed if its language's probability is lower. A mapping sets it by language; others keep 0.5."""
    maximum_other_share: Fraction = 0.4
    """A document is removed if a larger share of its text is surely in languages that are not kept."""
    model: str | None = None
    """A fastText model for language identification. Default: lid.176.ftz, which comes with the package."""

    @property
    def kept(self) -> Kept:
        """What is kept."""
        given = self.minimum_probability
        if isinstance(given, dict):
            return Kept(tuple(self.keep), 0.5, given, self.maximum_other_share)
        return Kept(tuple(self.keep), given, {}, self.maximum_other_share)


class Licence(Section):
    """Which licences are kept, as SPDX ids. Default sources: code."""

    sources: list[Name] | None = None
    """The sources that are judged. Default: those of kind code."""
    keep: Annotated[list[str], Field(min_length=1)] = sorted(KEPT)
    """The licences that are kept, as SPDX ids."""

    @field_validator("keep")
    @classmethod
    def _known(cls, keep: list[str]) -> list[str]:
        for name in keep:
            if name not in KEPT and (" " in name or normalise(name) != name or name.endswith("+")):
                spelt = normalise(name)
                hint = f", but `{spelt}` is" if spelt and " " not in spelt else " (https://spdx.org/licenses)"
                raise ValueError(f"`{name}` is no licence's SPDX id{hint}")
        return keep


class Text(Section):
    """What is done to every text before it is measured."""

    normalise: Literal["nfc"] | None = None
    """`nfc` rewrites every text in Unicode's normalisation form C."""
    mojibake: bool = False
    """Whether `mojibake_count` is measured. The package ftfy must be installed."""

    @model_validator(mode="after")
    def _installed(self) -> Self:
        if self.mojibake and find_spec("ftfy") is None:
            raise ValueError("`mojibake` needs ftfy: pip install '.[mojibake]' in a clone of massivetext")
        return self


class Mask(Section):
    """Personal data that is replaced in texts (see filters.masking.mask).

    Default sources: web, news and text; for secrets code, too.
    """

    sources: list[Name] | None = None
    """The sources whose texts are masked. Default: those of kind web, news and text; for secrets also code."""
    kinds: list[Literal["secret", "email", "ip", "phone"]] = []
    """What is masked."""

    @model_validator(mode="after")
    def _installed(self) -> Self:
        if "secret" in self.kinds and find_spec("detect_secrets") is None:
            raise ValueError(
                "`secret` needs detect-secrets: pip install '.[secrets]' in a clone of massivetext"
            )
        return self


class Robots(Section):
    """Pages that are refused for what they ask of crawlers. Default sources: web and news."""

    sources: list[Name] | None = None
    """The sources that are judged. Default: those of kind web and news."""
    refuse: list[str] = []
    """Directives to crawlers, such as noai, noimageai and noindex: a page with one of them is removed."""


class Blocklist(Section):
    """Documents that are refused for their URL. Default sources: web, news and text."""

    sources: list[Name] | None = None
    """The sources that are judged. Default: those of kind web, news and text."""
    domains: str | None = None
    """A file with a domain on each line. A domain stands for its subdomains, too."""
    urls: str | None = None
    """A file with a URL on each line."""

    @property
    def is_given(self) -> bool:
        return self.domains is not None or self.urls is not None
