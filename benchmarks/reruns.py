"""What a changed run works on again, and what that costs beside the first run, in CPU seconds.

    python -m benchmarks.growth corpus BENCH FOLDER 2         # makes 2 GB of JSONL
    python -m benchmarks.reruns FOLDER/corpus WORK TESTSETS   # the first run, then one run after each change

The runs use a copy of this package's source in WORK, so that code can be changed too. A change stays when the next one
is made. The seconds of the whole command hold its start, and the reading of inputs that look changed, but no
compilation of kernels.
"""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import zstandard

from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.stages.names import NAMES

CHECKOUT = Path(__file__).parents[1]
CONFIG = """\
sources:
  most: {{kind: text, paths: ["most/*.jsonl"], weight: 0.8}}
  rest: {{kind: text, paths: ["rest/*.jsonl"], weight: 0.2}}
quality: {{sources: [most, rest]}}
repetition: {{sources: [most, rest]}}
deduplicate: {{threshold: 0.8}}
decontaminate:
  test_sets: {{lambada: {{path: "{testsets}/lambada_openai.jsonl", text: [context, continuation]}}}}
mix: {{tokens: {tokens}, sequence_length: 2048}}
"""


class Work:
    """A corpus, its configuration, its output, and the code that runs."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, root / "run"
        self.code = root / "code"

    @property
    def config(self) -> Path:
        return self.folder / "massivetext.yaml"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert old in text, f"{path} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1))


def prepare(corpus: Path, root: Path, testsets: Path) -> Work:
    """The corpus in two sources, its configuration, and a copy of the code."""
    shutil.rmtree(root, ignore_errors=True)
    work = Work(root)
    files = sorted(corpus.glob("*.jsonl.zst"))
    for number, path in enumerate(files):
        folder = work.folder / ("rest" if number == len(files) - 1 else "most")
        folder.mkdir(parents=True, exist_ok=True)
        with zstandard.open(path) as source, (folder / path.stem).open("wb") as goal:
            shutil.copyfileobj(source, goal)
    size = sum(path.stat().st_size for path in work.folder.rglob("*.jsonl"))
    work.config.write_text(CONFIG.format(testsets=testsets.resolve(), tokens=round(size * 0.1)))
    for package in ("filters", "pipeline", "schemas"):
        shutil.copytree(CHECKOUT / package, work.code / package)
    shutil.copytree(CHECKOUT / "massivetext", work.code / "massivetext", symlinks=True)
    return work


def weight(work: Work) -> None:
    work.edit(work.config, "weight: 0.8", "weight: 0.7")
    work.edit(work.config, "weight: 0.2", "weight: 0.3")


def limit(work: Work) -> None:
    work.edit(
        work.config,
        "quality: {sources: [most, rest]}",
        "quality: {sources: [most, rest], word_count: {minimum: 100}}",
    )


def threshold(work: Work) -> None:
    work.edit(work.config, "threshold: 0.8", "threshold: 0.7")


def comment(work: Work) -> None:
    path = work.code / "pipeline/stages/report/stage.py"
    path.write_text(path.read_text() + "# a comment\n")


def another_path(work: Work) -> None:
    """The same folder, named by a link."""
    link = work.root / "link"
    link.symlink_to(work.folder.name)
    work.folder = link


def moved(work: Work) -> None:
    """Copied, so that every file has other times."""
    goal = work.root / "moved"
    shutil.copytree(work.folder.resolve(), goal, copy_function=shutil.copyfile)
    work.folder = goal


def one_more(work: Work) -> None:
    """About 20 MB: documents of another file, their words in reverse."""
    with (
        (work.folder / "most/000.jsonl").open("rb") as source,
        (work.folder / "most/more.jsonl").open("wb") as more,
    ):
        while more.tell() < 20_000_000 and (line := source.readline()):
            words = orjson.loads(line)["text"].split(" ")
            more.write(orjson.dumps({"text": " ".join(reversed(words))}) + b"\n")


def replaced(work: Work) -> None:
    """One letter of one document is another."""
    path = work.folder / "most/001.jsonl"
    with path.open("r+b") as file:
        head = file.read(1000)
        file.seek(head.index(b"e", 100))
        file.write(b"a")


def one_less(work: Work) -> None:
    (work.folder / "most/002.jsonl").unlink()


def kernel(work: Work) -> None:
    """The code of a measurement, which gives the same numbers as before."""
    path = work.code / "filters/measure/lines.py"
    path.write_text(path.read_text() + "\n_CHANGED = 1\n")


CHANGES: dict[str, Callable[[Work], None]] = {
    "nothing": lambda _: None,
    "a weight": weight,
    "a limit": limit,
    "a threshold of deduplication": threshold,
    "a comment in the report's code": comment,
    "another path": another_path,
    "the folder moved": moved,
    "one more file of 20 MB": one_more,
    "a file replaced by one of equal size": replaced,
    "one file of 200 MB less": one_less,
    "the code of a measurement": kernel,
}


def run(work: Work) -> tuple[float, float, dict[str, float]]:
    """CPU seconds and seconds of a run, and the CPU seconds of the stages that it ran."""
    environment = {**os.environ, "PYTHONPATH": str(work.code)}
    subprocess.run(
        [sys.executable, "-m", "massivetext.filters.compile"], env=environment, cwd=work.root, check=True
    )
    before = manifest.read(str(work.out))
    began, cpu = time.monotonic(), _cpu()
    command = [
        sys.executable,
        "-m",
        "massivetext.pipeline.cli",
        "run",
        str(work.config),
        "--output",
        str(work.out),
    ]
    done = subprocess.run(
        [*command, "--changed"],
        env=environment,
        cwd=work.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        sys.exit(done.stderr)
    after = manifest.read(str(work.out))
    assert after is not None
    stages = {
        name: stage.cpu_seconds
        for name, stage in after.stages.items()
        if before is None or stage != before.stages.get(name)
    }
    return _cpu() - cpu, time.monotonic() - began, stages


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(corpus: Path, root: Path, testsets: Path) -> None:
    work = prepare(corpus, root, testsets)
    print(f"load {os.getloadavg()[0]:.1f}\n| changed | CPU s | s | {' | '.join(NAMES)} |", flush=True)
    print("|---" * (3 + len(NAMES)) + "|", flush=True)
    for name, change in {"the first run": lambda _: None, **CHANGES}.items():
        change(work)
        cpu, seconds, stages = run(work)
        cells = (f"{stages[stage]:.1f}" if stage in stages else "-" for stage in NAMES)
        print(f"| {name} | {cpu:.1f} | {seconds:.0f} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
