"""The configuration: its sections, and the checks that involve more than one of them."""

import math
from collections.abc import Iterable, Iterator
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from massivetext.filters.families import FAMILIES, documents
from massivetext.filters.families.family import Family, Limit
from massivetext.filters.language.language import is_language
from massivetext.pipeline.config.audit import Audit
from massivetext.pipeline.config.curate import Blocklist, Language, Licence, Mask, Robots, Text
from massivetext.pipeline.config.decontaminate import Decontaminate
from massivetext.pipeline.config.deduplicate import Deduplicate
from massivetext.pipeline.config.limits import LanguageLimits, LimitSection, ProseLimits, Repetition
from massivetext.pipeline.config.mix import Mix
from massivetext.pipeline.config.named import Named
from massivetext.pipeline.config.phase import Span, spans
from massivetext.pipeline.config.section import Count, Name, Section, Share
from massivetext.pipeline.config.source import Source
from massivetext.pipeline.config.tokenizer import Tokenizer
from massivetext.pipeline.read.kept_columns import column_name
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.settings import LIMITS, Limits


class Config(Section):
    """All settings of a run. Its results depend on these, on the files that it reads, and on the code.

    Each family of limits is a section under its own name. Families without further settings are not listed here.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, LimitSection] = Field(init=False)

    run: Named = Named()
    """The name of the run."""
    plugins: list[str] = []
    """Python files with your own rules, measurements, kinds of source, shard formats or tokenizers. Their paths are
    relative to the configuration's folder. See docs/extending.md."""
    seed: Annotated[int, Field(ge=0, lt=1 << 63)] = 17
    """The seed of the hashes of ids from which every random choice and order comes."""
    sources: Annotated[dict[Name, Source], Field(min_length=1)]
    """The sources, by name."""
    sample: Share | None = None
    """For a first look: the share of each source's records that is read, such as 1%. The mix has that share of its
    tokens. The option --sample overrides this key."""
    limits: Limits = LIMITS
    """Limits of what readers accept."""
    part_bytes: Count = 64 << 20
    """The most bytes of input files (as stored) in one part. Small sources are divided into smaller parts, so that
    every core has work."""
    text: Text = Text()
    """Changes to every text."""
    mask: Mask = Mask()
    """Personal data that is replaced in texts."""
    robots: Robots = Robots()
    """Removal of pages by what they ask of crawlers."""
    blocklist: Blocklist = Blocklist()
    """Removal of documents by their URL."""
    language: Language = Language()
    """The languages that are kept."""
    quality: ProseLimits = ProseLimits()
    repetition: Repetition = Repetition()
    """Limits on repetition."""
    licence: Licence = Licence()
    """The licences that are kept."""
    deduplicate: Deduplicate = Deduplicate()
    """Deduplication."""
    decontaminate: Decontaminate = Decontaminate()
    """Removal of documents that match test sets."""
    tokenizer: Tokenizer = Tokenizer()
    """The tokenizer."""
    mix: Mix = Mix()
    """The amount of each source in the shards, and the form of the shards. Without this section a run stops at the kept
    documents, or at their tokens if `tokenizer` says how to make them."""
    audit: Audit = Audit()
    """Groups of documents to watch."""

    @model_validator(mode="before")
    @classmethod
    def _sections(cls, values: object) -> object:
        """Add a section for every family of limits, and refuse unknown keys."""
        if not isinstance(values, dict):
            return values
        if unknown := [key for key in values if key not in cls.section_names()]:
            raise ValueError(f"{unknown[0]}: unknown key; allowed here: {', '.join(cls.section_names())}")
        return {**{name: {} for name in _limited() if name not in cls.model_fields}, **values}

    @classmethod
    def section_names(cls) -> list[str]:
        """Returns the names of all sections, with those of the families of limits."""
        return list(dict.fromkeys([*cls.model_fields, *_limited()]))

    @property
    def tokens(self) -> int:
        """The tokens of the mix. In a sample it is that share of them, but at least one sequence."""
        return (
            max(round(self.mix.target * self.sample), self.mix.sequence_length)
            if self.sample and self.mix.target
            else self.mix.target
        )

    @property
    def phases(self) -> list[Span]:
        """The phases of the mix; a mix without any is one phase with the sources' weights."""
        own = {name: source.weight for name, source in self.sources.items()}
        if not self.mix.phases:
            return [Span("", self.tokens, own)]
        return spans(self.mix.phases, own, self.mix.target, self.tokens)

    @property
    def weights(self) -> dict[str, float]:
        """Each source's share of the whole mix: its weight, or what the phases make of it."""
        phases = self.phases
        if len(phases) == 1:
            return phases[0].weights
        return {
            name: sum(phase.tokens * phase.weights[name] for phase in phases) / self.tokens
            for name in self.sources
        }

    def limit_section(self, family: str) -> LimitSection:
        """Returns the section of a family of limits."""
        section: LimitSection = getattr(self, family)
        return section

    @model_validator(mode="before")
    @classmethod
    def _weights(cls, values: object) -> object:
        """Replace weights, which may be any numbers of at least 0, by their shares of the sum."""
        if not isinstance(values, dict) or not isinstance(sources := values.get("sources"), dict):
            return values
        weights = given_weights(sources)
        if not weights or abs((total := sum(weights.values())) - 1) <= WEIGHT_ROUNDING:
            return values
        if total == 0:
            raise ValueError(
                "sources: no weight is above 0, so the mix would be empty: give at least one source a weight"
            )
        shared = {name: {**source, "weight": weights[name] / total} for name, source in sources.items()}
        return {**values, "sources": shared}

    @model_validator(mode="after")
    def _names(self) -> Self:
        named = [(f"{family}.sources", getattr(self, family).sources or []) for family in _judges()]
        fill = self.tokenizer.fill_in_the_middle
        named.append(("tokenizer.fill_in_the_middle.sources", (fill and fill.sources) or []))
        for key, names in (*named, ("deduplicate.survivors_only", self.deduplicate.survivors_only)):
            for name in names:
                if name not in self.sources:
                    there = ", ".join(self.sources)
                    raise ValueError(f"{key}: no source is named `{name}`; there are {there}")
        return self

    @model_validator(mode="after")
    def _phases(self) -> Self:
        for number, phase in enumerate(self.mix.phases):
            for name in phase.weights or ():
                if name not in self.sources:
                    there = ", ".join(self.sources)
                    raise ValueError(
                        f"mix.phases.{number}.weights: no source is named `{name}`; there are {there}"
                    )
        return self

    @model_validator(mode="after")
    def _limits(self) -> Self:
        for name, family in _limited().items():
            section = self.limit_section(name)
            for language in section.languages if isinstance(section, ProseLimits) else ():
                if language != "other" and not is_language(language):
                    raise ValueError(
                        f"{name}.languages.{language}: no such language: expected an ISO 639 code, such as de, "
                        "or other"
                    )
            for key, column, known in _given(name, section):
                if column not in family.limits:
                    allowed = ", ".join([*known, *family.limits])
                    raise ValueError(f"{key}: unknown key; allowed here: {allowed}")
            if name != "quality" and isinstance(section, ProseLimits) and section.stop_words:
                raise ValueError(
                    f"{name}.languages: `stop_words` belong in quality.languages: only quality counts them"
                )
            own = section.language_limits(family.limits) if isinstance(section, ProseLimits) else {}
            for column, limit in section.limits(family.limits).items():
                _check(f"{name}.{column}", limit)
                for language, limit_of_its_own in own.get(column, {}).items():
                    _check(f"{name}.languages.{language}.{column}", limit_of_its_own)
        return self

    @model_validator(mode="after")
    def _code(self) -> Self:
        for name in self.limit_section("code_quality").sources or []:
            if self.sources[name].kind != "code":
                raise ValueError(
                    f"code_quality.sources: expected only sources of kind code, but `{name}` is "
                    f"of kind {self.sources[name].kind}"
                )
        return self

    @model_validator(mode="after")
    def _all(self) -> Self:
        weights = {round(source.weight, 9) for source in self.sources.values() if source.weight}
        if self.mix.is_all and (len(weights) > 1 or any(source.split for source in self.sources.values())):
            raise ValueError(
                "mix.tokens: `all` takes every kept document once, "
                "whatever the weights: leave out weights and splits (the "
                "weight 0 leaves out a source), or give a number of tokens"
            )
        return self

    @model_validator(mode="after")
    def _columns(self) -> Self:
        for name, source in self.sources.items():
            kept = [column_name(field) for field in source.columns.kept]
            for key in ("split", "together"):
                section = getattr(source, key)
                if section is not None and section.by not in [*documents().names, *kept]:
                    example = {
                        "split": "language, a measurement such as word_count",
                        "together": "origin_file, for archives of one repository each",
                    }[key]
                    raise ValueError(
                        f"sources.{name}.{key}.by: documents have no column `{section.by}`: expected {example}, or a "
                        f"column of columns.keep ({', '.join(kept) or 'none'})"
                    )
        return self

    @model_validator(mode="after")
    def _scores(self) -> Self:
        kept = {field for source in self.sources.values() for field in source.columns.kept}
        for name in self.audit.scores:
            if name not in kept:
                raise ValueError(
                    f"audit.scores: no source keeps a field `{name}`: give it to one as `columns: {{keep: {{{name}: "
                    f"number}}}}` (kept are {', '.join(sorted(kept)) or 'none'})"
                )
        return self

    @property
    def is_tokenized(self) -> bool:
        """Whether the run tokenizes the kept documents: it has a mix, or `tokenizer` says how."""
        return self.mix.is_asked or self.tokenizer.train is not None or self.tokenizer.model is not None

    @property
    def filled(self) -> list[str]:
        """The sources whose documents are rearranged for fill-in-the-middle. Default: those of kind code."""
        fill = self.tokenizer.fill_in_the_middle
        if fill is None:
            return []
        if fill.sources is not None:
            return [name for name in self.sources if name in fill.sources]
        return [name for name, source in self.sources.items() if source.kind == "code"]

    def masked(self, source: str) -> tuple[str, ...]:
        """Returns the kinds of value that are masked in a source."""
        is_named = source in self.judged("mask")
        is_code = self.mask.sources is None and self.sources[source].kind == "code"
        return tuple(kind for kind in self.mask.kinds if is_named or (is_code and kind == "secret"))

    def judged(self, family: str) -> list[str]:
        """Returns the sources that a family (or `mask` or `deduplicate`) applies to: as configured, or by kind."""
        configured: list[str] | None = getattr(self, family).sources
        if configured is not None:
            return [name for name in self.sources if name in configured]
        exempt = self.deduplicate.survivors_only if family == "deduplicate" else []
        kinds = _judges()[family]
        return [name for name, source in self.sources.items() if source.kind in kinds and name not in exempt]


def _judged_by(family: str) -> frozenset[str]:
    """Returns the kinds of source that themselves ask to be judged by a family."""
    return frozenset(kind.name for kind in KINDS.values() if family in kind.judged_by)


def _check(key: str, limit: Limit) -> None:
    low, high = limit.minimum, limit.maximum
    if low is not None and high is not None and low > high:
        raise ValueError(
            f"{key}: the minimum {low:g} is above the maximum {high:g} (a side that is not given is the default's)"
        )


def _given(name: str, section: LimitSection) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Yields every limit that a section gives: its key, its column, and the other keys that are allowed beside it."""
    for column in section.columns:
        yield f"{name}.{column}", column, type(section).model_fields
    for language, own in section.languages.items() if isinstance(section, ProseLimits) else ():
        for column in own.columns if own != "auto" else ():
            yield f"{name}.languages.{language}.{column}", column, LanguageLimits.model_fields


WEIGHT_ROUNDING = 1e-6  # weights whose sum differs from 1 by at most this much stay as they are


def given_weights(sources: object) -> dict[str, float]:
    """Returns the weights of sources as they are written; {} if one of them is not a weight (Source reports that)."""
    if not isinstance(sources, dict):
        return {}
    found = {name: source.get("weight", 1) for name, source in sources.items() if isinstance(source, dict)}
    numbers = [w for w in found.values() if isinstance(w, int | float) and not isinstance(w, bool) and w >= 0]
    return found if len(numbers) == len(sources) and all(map(math.isfinite, numbers)) else {}


def _limited() -> dict[str, Family]:
    return {name: family for name, family in FAMILIES.items() if family.limits}


def _judges() -> dict[str, frozenset[str]]:
    """Returns the kinds of source that each family, masking and deduplication apply to by default."""
    return {
        **{
            name: family.judges | _judged_by(name)
            for name, family in FAMILIES.items()
            if not family.is_of_columns
        },
        "mask": frozenset({"web", "text", "news"}) | _judged_by("mask"),
        "deduplicate": frozenset({"web", "books", "text", "news"}) | _judged_by("deduplicate"),
    }
