"""Estimates the CPU time and disk of a run on other amounts of raw input, scaled from those of a finished run."""

import posixpath
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.manifest import Manifest
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.storage import files

GROWS_WITH = {
    names.CURATE: (names.CURATE, Figure.READ),
    names.DEDUPLICATE: (names.CURATE, Figure.KEPT),
    names.DECONTAMINATE: (names.CURATE, Figure.KEPT),
    names.TOKENIZE: (names.TOKENIZE, Figure.TOKENIZED),
    names.REPORT: (names.CURATE, Figure.READ),
}
"""For each stage, the stage and figure whose bytes its work grows with. The tokenizer's work does not grow, since its
sample is bounded; the mix's work grows with the tokens of the mix."""


@dataclass(frozen=True)
class Cost:
    """CPU hours by stage, and bytes on disk by folder of OUT.

    One run does not show how large the error is. The time that a run needs to start counts as if it grew with the
    input, so a small sample overstates the cost."""

    cpu_hours: dict[str, float]
    disk_bytes: dict[str, float]


def cost(out: str, config: Config, state: Manifest, growth: Mapping[str, float], mix_growth: float) -> Cost:
    """The cost of a larger run.

    `growth` is the ratio of each source's raw input to that of the finished run; `mix_growth` is the same ratio for the
    tokens of the mix."""
    tallies = {stage: Tally.of(rows(out, f"{stage}/**")) for stage in (names.CURATE, names.TOKENIZE)}

    def grown(stage: str, figure: Figure) -> float:
        sizes = {source: tallies[stage].count(source, figure).bytes for source in config.sources}
        total = sum(sizes.values())
        return sum(sizes[source] * growth[source] for source in sizes) / total if total else 0.0

    scales = {name: grown(*figure) for name, figure in GROWS_WITH.items()} | {names.MIX: mix_growth}
    hours = {name: stage.cpu_seconds / 3600 * scales.get(name, 1.0) for name, stage in state.stages.items()}
    disk: Counter[str] = Counter()
    everything = dict(files.match(posixpath.join(out, "**")) + files.match(posixpath.join(out, ".work/**")))
    for path, size in everything.items():
        disk[_folder(path[len(out) :].lstrip("/"))] += size
    return Cost(hours, {name: size * _scale(name, growth, scales) for name, size in disk.items()})


def _folder(path: str) -> str:
    """The folder of a file by which its growth is known: `documents/source=web`, `.work/mix`, `shards`."""
    first, _, rest = path.partition("/")
    second = rest.partition("/")[0]
    return f"{first}/{second}" if first == ".work" or second.startswith("source=") else first


def _scale(folder: str, growth: Mapping[str, float], scales: Mapping[str, float]) -> float:
    first, _, second = folder.partition("/")
    if second.startswith("source="):
        return growth[second.removeprefix("source=")]
    if first == ".work":
        return scales.get(second, 1.0)
    stage = {
        "shards": names.MIX,
        "failed": names.CURATE,
        "duplicates": names.DEDUPLICATE,
        "contaminated": names.DECONTAMINATE,
    }
    return scales[stage[first]] if first in stage else 1.0
