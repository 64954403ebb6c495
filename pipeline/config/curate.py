"""The settings of curate other than limits: languages, licences, and changes to texts."""

from importlib.util import find_spec
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from massivetext.filters.families.robots import OF_SITES
from massivetext.filters.language.language import Kept, Reading
from massivetext.filters.licence.licence import KEPT, normalise
from massivetext.pipeline.config.section import Fraction, Name, Section


class Language(Section):
    """Which languages are kept. Default sources: all but code."""

    sources: list[Name] | None = None
    """The sources that are judged. Default: all but those of kind code."""
    keep: Annotated[list[str], Field(min_length=1)] = ["en"]
    """The languages that are kept, as ISO 639 codes or labels of the model."""
    minimum_probability: Fraction | dict[str, Fraction] = 0.5
    """A document is removed if the probability of its language is lower. A mapping sets this by language;
    languages that it does not name have 0.5."""
    maximum_other_share: Fraction = 0.4
    """A document is removed if a larger share of its text is surely in languages that are not kept."""
    model: str | None = None
    """A fastText model for language identification. Default: lid.176.ftz, which comes with the package."""
    reading: Reading = "pieces"
    """What the model reads of texts of 4,096 characters or more: eight `pieces` of 512 characters, and the whole text
    where these leave doubt, or always the `whole` text."""

    @property
    def kept(self) -> Kept:
        """Returns the languages that are kept, with their limits."""
        given = self.minimum_probability
        if isinstance(given, dict):
            return Kept(tuple(self.keep), 0.5, given, self.maximum_other_share)
        return Kept(tuple(self.keep), given, {}, self.maximum_other_share)


class Licence(Section):
    """Which licences are kept. Default sources: code."""

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
                raise ValueError(f"`{name}` is not the SPDX id of a licence{hint}")
        return keep


class Text(Section):
    """Changes to every text, made before it is measured."""

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
    """The kinds of value that are masked."""

    @model_validator(mode="after")
    def _installed(self) -> Self:
        if "secret" in self.kinds and find_spec("detect_secrets") is None:
            raise ValueError(
                "`secret` needs detect-secrets: pip install '.[secrets]' in a clone of massivetext"
            )
        return self


class Robots(Section):
    """Removal of pages by what they or their sites ask of crawlers. Default sources: web and news."""

    sources: list[Name] | None = None
    """The sources that are judged. Default: those of kind web and news."""
    refuse: list[str] = []
    """What pages may ask for: a page with one of these is removed. Directives such as noai, noimageai and noindex;
    tdm-reservation, which the page states or its site's tdmrep.json; ai.txt, which is a file of the site."""
    agents: list[Annotated[str, Field(pattern=r"^[A-Za-z_-]+$")]] = []
    """Crawlers by the names that robots.txt gives them, such as CCBot and GPTBot: a page that its site's robots.txt
    disallows to one of them is removed."""
    records: list[str] = []
    """WARC files that hold robots.txt, tdmrep.json and ai.txt of sites, beside those in the sources' own WARC files."""

    @property
    def asks_sites(self) -> bool:
        """Whether files of sites are looked for."""
        return bool(self.agents or {each.lower() for each in self.refuse} & set(OF_SITES))

    @model_validator(mode="after")
    def _is_used(self) -> Self:
        if self.records and not self.asks_sites:
            raise ValueError(
                "`records` is read for `agents`, or for tdm-reservation or ai.txt in `refuse`: give one of them"
            )
        return self


class Blocklist(Section):
    """Removal of documents by their URL. Default sources: web, news and text."""

    sources: list[Name] | None = None
    """The sources that are judged. Default: those of kind web, news and text."""
    domains: str | None = None
    """A file with a domain on each line. A domain stands for its subdomains, too."""
    urls: str | None = None
    """A file with a URL on each line."""

    @property
    def is_given(self) -> bool:
        return self.domains is not None or self.urls is not None
