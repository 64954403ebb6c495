"""Phases: records in shards/phases.json which shards hold which phase of a mix, for trainers and people."""

import posixpath
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import orjson

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.stages.mix.target import Target
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.files import Written

PHASES = f"{layout.SHARDS}/phases.json"


@dataclass(frozen=True)
class Phase:
    """The shards of a phase. They follow those of the phase before. Sequences are shuffled only within a phase."""

    name: str
    tokens: int
    first_shard: int
    shards: int
    sources: dict[str, int]  # the tokens of each


def shards(config: Config, targets: Sequence[Target]) -> tuple[int, ...]:
    """Returns the number of shards of each phase."""
    tokens = [0] * len(config.phases)
    for target in targets:
        tokens[target.phase] += target.tokens
    return tuple(max(1, -(-each // config.mix.shard_tokens)) for each in tokens)


def write(out: str, config: Config, targets: Sequence[Target], numbers: Sequence[int]) -> Written:
    """Write shards/phases.json."""
    found = []
    for number, phase in enumerate(config.phases):
        sources = dict.fromkeys(config.sources, 0)
        for target in targets:
            if target.phase == number:
                sources[target.source] += target.tokens
        first = sum(numbers[:number])
        found.append(Phase(phase.name, sum(sources.values()), first, numbers[number], sources))
    described = [asdict(phase) for phase in found]
    return files.write_bytes(out, PHASES, orjson.dumps(described, option=orjson.OPT_INDENT_2))


def read(out: str) -> list[Phase]:
    """Returns the phases of a finished run; none if its mix has none."""
    path = posixpath.join(out, PHASES)
    return [Phase(**one) for one in orjson.loads(files.read_bytes(path))] if files.exists(path) else []
