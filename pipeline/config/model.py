"""The configuration's shape: its keys, types, defaults and cross-checks."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    create_model,
    field_validator,
    model_validator,
)

from massivetext.filters.judge import (
    CHARACTER_LIMITS,
    CODE_LIMITS,
    FAMILIES,
    QUALITY_LIMITS,
    REPETITION_LIMITS,
    Limit,
)
from massivetext.filters.licence.licence import KEPT, normalise
from massivetext.pipeline.config.reading import Columns, Limits

Kind = Literal["web", "books", "text", "news", "code", "wikipedia"]
Format = Literal["array_record", "mds", "megatron", "parquet"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Count = Annotated[int, Field(gt=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    """A mapping of known keys, frozen once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _is_no_truth_value(cls, value: object, info: ValidationInfo) -> object:
        """Elsewhere than where one is asked for, pydantic would take `yes` for the number 1."""
        if isinstance(value, bool) and cls.model_fields[str(info.field_name)].annotation is not bool:
            raise ValueError("a truth value says nothing here (YAML takes yes, no, on and off for one)")
        return value


class Source(Section):
    """Where documents come from, and their share of the mix."""

    kind: Kind
    paths: Annotated[list[str], Field(min_length=1)]
    weight: Fraction
    columns: Columns = Columns()


class Language(Section):
    """Which languages are kept. Default sources: all but code."""

    sources: list[Name] | None = None
    keep: Annotated[list[str], Field(min_length=1)] = ["en"]
    minimum_probability: Fraction = 0.5
    model: str | None = None  # a fastText model; default: the bundled lid.176.ftz


class Bounds(Section):
    """One measurement's limit, replacing the default's sides that are given."""

    minimum: float | None = None
    maximum: float | None = None


class RuleFamily(Section):
    """A family of limits, and the sources it judges. Default sources: web; for code_quality none."""

    sources: list[Name] | None = None

    def limits(self, defaults: Mapping[str, Limit]) -> dict[str, Limit]:
        """The limit of every measurement of the family, by column."""
        merged = {}
        for column, default in defaults.items():
            bounds: Bounds = getattr(self, column)
            merged[column] = Limit(
                default.minimum if bounds.minimum is None else bounds.minimum,
                default.maximum if bounds.maximum is None else bounds.maximum,
            )
        return merged


def _family(name: str, defaults: Mapping[str, Limit], **options: Any) -> type[RuleFamily]:
    fields: dict[str, Any] = {column: (Bounds, Bounds()) for column in defaults}
    return cast(type[RuleFamily], create_model(name, __base__=RuleFamily, **options, **fields))


Duplicates = Literal["after_first", "all"]  # whether the first copy of a line or paragraph counts too


if TYPE_CHECKING:

    class Quality(RuleFamily): ...

    class Repetition(RuleFamily):
        duplicates: Duplicates = "after_first"

    class CodeQuality(RuleFamily): ...

    class Characters(RuleFamily): ...
else:
    Quality = _family("Quality", QUALITY_LIMITS)
    Repetition = _family("Repetition", REPETITION_LIMITS, duplicates=(Duplicates, "after_first"))
    CodeQuality = _family("CodeQuality", CODE_LIMITS)
    Characters = _family("Characters", CHARACTER_LIMITS)


class Licence(Section):
    """Which licences are kept, as SPDX ids. Default sources: code."""

    sources: list[Name] | None = None
    keep: Annotated[list[str], Field(min_length=1)] = sorted(KEPT)

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

    normalise: Literal["nfc"] | None = None  # Unicode's normalisation form C
    mojibake: bool = False  # measured by ftfy, which must be installed

    @model_validator(mode="after")
    def _installed(self) -> Self:
        if self.mojibake and find_spec("ftfy") is None:
            raise ValueError("`mojibake` needs ftfy: pip install massivetext[mojibake]")
        return self


class Mask(Section):
    """Personal data that is replaced in texts (see filters.masking.mask).

    Default sources: web, news and text; for secrets code, too.
    """

    sources: list[Name] | None = None
    kinds: list[Literal["secret", "email", "ip", "phone"]] = []

    @model_validator(mode="after")
    def _installed(self) -> Self:
        if "secret" in self.kinds and find_spec("detect_secrets") is None:
            raise ValueError("`secret` needs detect-secrets: pip install massivetext[secrets]")
        return self


class Robots(Section):
    """Pages that are refused for what they ask of crawlers. Default sources: web and news."""

    sources: list[Name] | None = None
    refuse: list[str] = []  # directives, such as noai, noimageai, noindex


class Blocklist(Section):
    """Documents that are refused for their URL. Default sources: web, news and text."""

    sources: list[Name] | None = None
    domains: str | None = None  # a file with a domain on each line, which stands for its subdomains, too
    urls: str | None = None  # a file with a URL on each line

    @property
    def is_given(self) -> bool:
        return self.domains is not None or self.urls is not None


class Deduplicate(Section):
    """Deduplication by URL, exact and near. Default sources: all but code and wikipedia."""

    sources: list[Name] | None = None
    url: Literal["newest_capture"] | None = None  # which document of one URL stays; None: any
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.8
    shingle: Count = 13  # words
    permutations: Annotated[int, Field(ge=16, le=1024)] = 128
    recall: Annotated[float, Field(ge=0.5, lt=1)] = 0.99  # of pairs at the threshold, as candidates
    survivors_only: list[
        Name
    ] = []  # sources that lose no document, but whose documents others are duplicates of
    against: list[str] = []  # outputs of earlier runs, whose documents come first and stay
    most_removed: Fraction = 0.6  # of a source by near duplicates: more is a warning, see `--strict`

    @model_validator(mode="after")
    def _either(self) -> Self:
        for name in self.survivors_only:
            if name in (self.sources or []):
                raise ValueError(f"`{name}` cannot be both in `sources` and in `survivors_only`")
        return self


class TestSet(Section):
    """A file of test items: JSONL, CSV or TSV with these fields, Wikitext, or text with an item a block."""

    path: str
    format: Literal["jsonl", "csv", "tsv", "wikitext", "text"] | None = None  # None: by the file's name
    text: list[str] = ["text"]  # fields joined by a newline
    id: str | None = None  # default: the item's number


class Decontaminate(Section):
    """Removal of documents that match test items, from every source."""

    test_sets: dict[Name, str | TestSet] = {}
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.8
    containment: Annotated[float, Field(gt=0, le=1)] | None = None  # None: measured, removes nothing
    titles: str | None = None  # a file of Wikipedia titles to remove, one a line


class Train(Section):
    """Training of a SentencePiece model."""

    vocabulary: Annotated[int, Field(ge=512, le=1 << 20)] = 32_000
    sample_bytes: Count = 64 << 20  # of text, over all sources by weight


class Tokenizer(Section):
    """A tokenizer: trained here, or loaded: a SentencePiece model, or a tokenizer.json of Hugging Face's."""

    train: Train | None = None
    model: str | None = None
    bos: str | None = None  # these three: tokens of a tokenizer.json, which does not say what they are for
    eos: str | None = None
    pad: str | None = None  # default: eos

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.train is not None and self.model is not None:
            raise ValueError("give either `train` or `model`, not both")
        return self

    @model_validator(mode="after")
    def _json(self) -> Self:
        if self.is_json and find_spec("tokenizers") is None:
            raise ValueError("a tokenizer.json needs tokenizers: pip install massivetext[huggingface]")
        if not self.is_json and (self.bos or self.eos or self.pad):
            raise ValueError(
                "`bos`, `eos` and `pad` are for a tokenizer.json: SentencePiece's models name theirs"
            )
        return self

    @property
    def is_json(self) -> bool:
        """Whether it is a tokenizer.json, by its name."""
        return self.model is not None and self.model.endswith(".json")

    @property
    def training(self) -> Train | None:
        """How to train, or None where a model is loaded."""
        return None if self.model else self.train or Train()


class Mix(Section):
    """How much of each source, in which form."""

    tokens: Annotated[float, Field(gt=0)] | None = None
    parameters: Annotated[float, Field(gt=0)] | None = None  # of the model: 20 tokens each
    sequence_length: Annotated[int, Field(ge=8, le=1 << 20)] = 2048
    max_epochs: Annotated[float, Field(gt=0)] = 4
    add_bos: bool = False  # before each document
    add_eos: bool = True  # after each document
    validation: Annotated[float, Field(ge=0, lt=1)] = 0  # share of documents, each source's alike
    packing: Literal["best_fit", "concatenate"] = "best_fit"
    formats: Annotated[list[Format], Field(min_length=1)] = ["megatron", "parquet"]
    shard_tokens: Count = 1 << 25

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.tokens is None) == (self.parameters is None):
            raise ValueError("give either `tokens` or `parameters`")
        return self

    @property
    def target(self) -> int:
        """Tokens asked for; 20 a parameter (Chinchilla, arXiv 2203.15556, Table 3)."""
        return round(self.tokens if self.tokens is not None else 20 * cast(float, self.parameters))


class Audit(Section):
    """Groups of documents to watch: what rules take from them is measured, and nothing is removed by it."""

    groups: dict[
        Name, str | Annotated[list[str], Field(min_length=1)]
    ] = {}  # a lexicon's path, or RE2 patterns
    minimum_features: Count = 2  # in a document, for it to belong to the group
    minimum_per_1000_words: Annotated[float, Field(gt=0)] = 1.0
    flagged_ratio: Annotated[float, Field(gt=1)] = 1.25  # of a group's rate to its source's
    sample: Count = 20_000  # documents of each source to search, at most


class Config(Section):
    """Everything a run depends on, but for the code and the files it reads."""

    seed: Annotated[int, Field(ge=0, lt=1 << 63)] = 17
    sources: Annotated[dict[Name, Source], Field(min_length=1)]
    limits: Limits = Limits()
    part_bytes: Count = 64 << 20  # of input, as files lie, that a part reads at most: sets the parts' numbers
    text: Text = Text()
    mask: Mask = Mask()
    robots: Robots = Robots()
    blocklist: Blocklist = Blocklist()
    language: Language = Language()
    quality: Quality = Quality()
    repetition: Repetition = Repetition()
    code_quality: CodeQuality = CodeQuality()
    characters: Characters = Characters()
    licence: Licence = Licence()
    deduplicate: Deduplicate = Deduplicate()
    decontaminate: Decontaminate = Decontaminate()
    tokenizer: Tokenizer = Tokenizer()
    mix: Mix
    audit: Audit = Audit()

    @model_validator(mode="after")
    def _weights(self) -> Self:
        total = sum(source.weight for source in self.sources.values())
        if abs(total - 1) > 1e-6:
            listed = ", ".join(f"{name} {source.weight:g}" for name, source in self.sources.items())
            raise ValueError(f"sources: weights must sum to 1, not {total:g} ({listed})")
        return self

    @model_validator(mode="after")
    def _names(self) -> Self:
        named = [(f"{family}.sources", getattr(self, family).sources or []) for family in _JUDGED_KINDS]
        for key, names in (*named, ("deduplicate.survivors_only", self.deduplicate.survivors_only)):
            for name in names:
                if name not in self.sources:
                    there = ", ".join(self.sources)
                    raise ValueError(f"{key}: no source is named `{name}`; there are {there}")
        return self

    @model_validator(mode="after")
    def _limits(self) -> Self:
        for family, defaults in FAMILIES.items():
            for column, limit in getattr(self, family).limits(defaults).items():
                if None not in (limit.minimum, limit.maximum) and limit.minimum > limit.maximum:
                    raise ValueError(
                        f"{family}.{column}: no value is at least {limit.minimum:g} and at most {limit.maximum:g}"
                        " (a side that is not given is the default's)"
                    )
        return self

    @model_validator(mode="after")
    def _code(self) -> Self:
        for name in self.code_quality.sources or []:
            if self.sources[name].kind != "code":
                raise ValueError(
                    f"code_quality.sources: only sources of kind code are measured for it, and `{name}` is of "
                    f"kind {self.sources[name].kind}"
                )
        return self

    def masked(self, source: str) -> tuple[str, ...]:
        """The kinds of values that are masked in a source."""
        is_named = source in self.judged("mask")
        is_code = self.mask.sources is None and self.sources[source].kind == "code"
        return tuple(kind for kind in self.mask.kinds if is_named or (is_code and kind == "secret"))

    def judged(self, family: str) -> list[str]:
        """The sources that a family of rules (or `deduplicate`) applies to: as configured, or by kind."""
        configured: list[str] | None = getattr(self, family).sources
        if configured is not None:
            return [name for name in self.sources if name in configured]
        exempt = self.deduplicate.survivors_only if family == "deduplicate" else []
        kinds = _JUDGED_KINDS[family]
        return [name for name, source in self.sources.items() if source.kind in kinds and name not in exempt]


# The table "The stages" of MassiveText: which kind of source each family applies to by default.
_JUDGED_KINDS: Mapping[str, frozenset[str]] = {
    "mask": frozenset({"web", "text", "news"}),
    "robots": frozenset({"web", "news"}),
    "blocklist": frozenset({"web", "text", "news"}),
    "language": frozenset({"web", "books", "text", "news", "wikipedia"}),
    "quality": frozenset({"web"}),
    "repetition": frozenset({"web"}),
    "code_quality": frozenset(),
    "characters": frozenset(),
    "licence": frozenset({"code"}),
    "deduplicate": frozenset({"web", "books", "text", "news"}),
}
