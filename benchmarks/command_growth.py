"""What the command's own process does for each part, while workers do the work: microseconds a part and step.

    python -m benchmarks.command_growth RUN FOLDER [--parts 1000 10000]

Copies the records of curate in RUN under other numbers into FOLDER, as many as asked, each with a small file of its
own, and times each thing that the command does once a step. A figure that grows with the parts is more than linear.
The last lines say which share of a step 64 workers would wait for the command, if a part takes them 4 CPU seconds.
"""

import argparse
import itertools
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from massivetext.pipeline.runtime import parts
from massivetext.pipeline.runtime.parts import Record, Step
from massivetext.pipeline.runtime.progress import Watch
from massivetext.pipeline.runtime.spread import _parsed, _written
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.storage import files
from massivetext.pipeline.storage.output import Output

STEP = "curate"
WORKERS, PART_SECONDS = 64, 4.0


@dataclass(frozen=True)
class Item:
    """The item of a part, as long as those of curate."""

    part: int
    source: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Nothing:
    """Work that is never done."""

    def __call__(self, item: Item, output: Output) -> Tally:
        raise NotImplementedError


def prepare(run: Path, folder: Path, count: int) -> tuple[Step, list[Item]]:
    """Records of `count` parts, and the items that they are the records of."""
    shutil.rmtree(folder, ignore_errors=True)
    found = list(parts.records(str(run), STEP))
    items = [Item(number, "web", (f"web/part-{number:05d}.warc.gz",)) for number in range(count)]
    step = Step.of(STEP, Nothing())
    for item, record in zip(items, itertools.cycle(found)):
        written = files.write_bytes(
            str(folder), f"documents/source=web/part-{item.part:08x}.parquet", b"text"
        )
        made: Record = replace(record, part=item.part, key=step.key(item), files=[written])
        parts.write_record(str(folder), STEP, made)
    return step, items


def timed(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def measure(folder: Path, step: Step, items: list[Item]) -> dict[str, float]:
    """CPU seconds of each thing that the command does in a step."""
    out = str(folder)
    records = list(parts.records(out, STEP))
    return {
        "which parts are finished, before": timed(lambda: parts.unfinished(out, step, items)),
        "items as JSON, and back to prove it": timed(lambda: _parsed(_written(items, [Item]), [Item])),
        "progress: a look at every record": timed(lambda: Watch(out, step, items, lambda _: 1)),
        "progress: a listing, every half second at most": timed(lambda: parts.finished_parts(out, STEP)),
        "the records, after": timed(lambda: parts.finished(out, step, items)),
        "their digest": timed(lambda: parts.digest(records)),
        "their figures": timed(lambda: Tally.of(row for record in records for row in record.rows)),
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("run", type=Path)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--parts", type=int, nargs="+", default=[1000, 10_000])
    given = asked.parse_args()
    found: dict[int, dict[str, float]] = {}
    for count in given.parts:
        step, items = prepare(given.run, given.folder, count)
        measure(given.folder, step, items[:10])  # imports, and the first call of everything
        found[count] = measure(given.folder, step, items)
    print("| microseconds a part | " + " | ".join(f"{count:,} parts" for count in found) + " |")
    print("|---|" + "---|" * len(found))
    for name in found[given.parts[0]]:
        cells = " | ".join(f"{each[name] / count * 1e6:.0f}" for count, each in found.items())
        print(f"| {name} | {cells} |")
    for count, each in found.items():
        share = sum(each.values()) / (count * PART_SECONDS / WORKERS)
        print(f"{count:,} parts: {share:.2%} of a step of {WORKERS} workers")


if __name__ == "__main__":
    main()
