"""The sections of report/stats.json on the mix, its tokenizers and its plan."""

from massivetext.pipeline.stages.report.stats_part import Part


class Stratum(Part):
    """One entry of the split of a source's weight."""

    name: str
    weight: float  # its share of the mix
    tokens: int  # given
    available: int
    epochs: float


class Mixed(Part):
    """One source in the mix."""

    source: str
    documents: int  # kept and tokenized
    bytes: int
    tokens: int  # available
    weight: float
    wanted: int  # tokens: weight * target
    given: int  # tokens in the shards
    share: float  # of all tokens in the shards
    epochs: float
    sequences: int
    padding: int  # tokens
    byte_fallback: int  # tokens that stand for single bytes
    strata: list[Stratum] = []  # where the source's weight is split


class Phase(Part):
    """A phase of the mix and its shards, by number."""

    name: str
    wanted: int  # tokens
    first_shard: int
    shards: int
    given: dict[str, int]  # tokens in its shards, by source


class Mix(Part):
    """The mix as configured and as written."""

    target: int
    sequence_length: int
    max_epochs: float
    vocabulary: int | None
    sources: list[Mixed]
    phases: list[Phase] = []


class TokenizerUse(Part):
    """What one tokenizer makes of the sample."""

    name: str
    tokens: int
    single_bytes: int  # tokens that stand for a single byte of a character
    vocabulary: int
    unused: int  # tokens of the vocabulary that do not occur
    by_source: dict[str, int]  # tokens
    by_language: dict[str, int]


class Tokenizers(Part):
    """Tokenizers compared on a sample of the kept documents."""

    bytes_by_source: dict[str, int]
    bytes_by_language: dict[str, int]  # the largest first
    used: list[TokenizerUse]


class BestModel(Part):
    """The model for which the tokens of the mix are optimal, by one scaling law."""

    law: str
    parameters: float
    flops: float


class Planned(Part):
    """One source in this mix and in larger ones, in tokens. See pipeline.stages.mix.epochs.Repetition."""

    source: str
    epochs: float | None  # None if it has no tokens
    last_token_worth: float | None  # compared with a new token, which is worth 1
    effective: float
    used_once_at: float | None  # tokens of a mix that uses the source for one epoch; None at weight 0
    too_often_at: float | None  # tokens of a mix that uses it for max_epochs
    weight_within: float | None  # None if no weights keep every source within max_epochs


class HeldOut(Part):
    """One source in the validation shards."""

    source: str
    documents: int
    tokens: int
    sequences: int


class Encoded(Part):
    """How one source was encoded."""

    source: str
    documents: int
    checked: int  # documents that the tokenizer's library encoded, too; a difference would end the run
    word_lookups: int  # words that the encoder looked up
    word_misses: int  # words that it did not find among those it remembered


class Planning(Part):
    """The models that the mix suits, how far its sources last, and what is held out."""

    tokens: int  # in the training shards
    models: list[BestModel]
    sources: list[Planned]
    runs_out_first: str | None
    validation: float  # the configured share of documents to hold out
    held_out: list[HeldOut]
    encoded: list[Encoded]
