"""Seeded damages to every kind of file in OUT.

200 of them to a finished run: verify notices each, by name and without a traceback. Others between two stages: the run
notices each before it uses the file, or makes the file again, or does not read it, and then verify notices it.
`MUTATIONS=200 pytest -s` tries so many of these; the suite tries a few.
"""

import json
import os
import random
import re
import shutil
import traceback
from collections import Counter
from pathlib import Path

import pytest

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.stages.names import NAMES
from massivetext.pipeline.verify.verify import verify
from tests.conftest import Command
from tests.pipeline.runs import hashes

DAMAGES = 200
BETWEEN = int(os.environ.get("MUTATIONS", "18"))
FIRST = int(os.environ.get("FIRST", "0"))  # of them: so that many can be tried in several goes
SEED = 15
CONFIG = """\
sources:
  a: {kind: text, paths: [a.jsonl], weight: 0.5}
  b: {kind: text, paths: [b.jsonl], weight: 0.5}
language: {sources: []}
quality: {sources: [a, b]}
deduplicate: {threshold: 0.5}
decontaminate: {test_sets: {quiz: quiz.jsonl}}
tokenizer: {train: {vocabulary: 600}}
limits: {failed: 0.1}
mix: {tokens: 10000, sequence_length: 64, shard_tokens: 5000}
"""


def kind(path: str) -> str:
    """What sort of file it is, whatever its part."""
    return re.sub(r"[0-9a-f]{8}|\d+", "N", re.sub(r"source=\w+", "source=S", path))


def damage(path: Path, how: str, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    if how == "deleted":
        path.unlink()
    elif how == "emptied":
        path.write_bytes(b"")
    elif how == "cut":
        path.write_bytes(data[: len(data) // 2])
    else:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)


def test_every_damage_is_noticed(finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    by_kind = of_kinds(out)
    chance = random.Random(SEED)
    table: Counter[tuple[str, str]] = Counter()
    missed = []
    for number in range(DAMAGES):
        of_kind = sorted(by_kind)[number % len(by_kind)]
        inside, how = chance.choice(by_kind[of_kind]), chance.choice(("deleted", "emptied", "cut", "one bit"))
        damage(out / inside, how, chance)
        try:
            found = verify(str(out))
        except ConfigError as error:  # without its manifest, a folder holds no run
            found = [str(error)]
        table[of_kind, "noticed" if found else "missed"] += 1
        if not found:
            missed.append((inside, how))
        shutil.copy2(finished / inside, out / inside)
    for (of_kind, what), count in sorted(table.items()):
        print(f"{of_kind:50} {what:8} {count}")
    assert missed == []


def of_kinds(out: Path) -> dict[str, list[str]]:
    by_kind: dict[str, list[str]] = {}
    for path in sorted(set(out.rglob("*")) - set(out.glob("report/against.*"))):  # those are of `compare`
        inside = path.relative_to(out).as_posix()
        if path.is_file() and path.stat().st_size and not inside.endswith(".error"):
            by_kind.setdefault(kind(inside), []).append(inside)
    return by_kind


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory, sample: Path, massivetext_here: Command) -> Path:
    """A corpus, its output as each stage left it (`after-STAGE`), and whole (`after-report`)."""
    folder = tmp_path_factory.mktemp("between")
    lines = (sample / "c4/c4-01.json").read_text(errors="replace").splitlines(keepends=True)[:40]
    lines.append(lines[1].replace(" the ", " that ", 1))
    (folder / "a.jsonl").write_text("".join(lines[::2]))
    (folder / "b.jsonl").write_text("".join(lines[1::2]))
    (folder / "quiz.jsonl").write_text(
        json.dumps({"text": " ".join(json.loads(lines[1])["text"].split()[:60])})
    )
    (folder / "c.yaml").write_text(CONFIG)
    for stage in NAMES:
        done = massivetext_here(stage, str(folder / "c.yaml"), "--output", str(folder / "out"))
        assert done.returncode == 0, done.stderr
        shutil.copytree(folder / "out", folder / f"after-{stage}")
    return folder


def test_every_damage_between_two_stages_is_noticed(stages: Path, massivetext_here: Command) -> None:
    wanted, out = hashes(stages / "after-report"), stages / "out"
    config, table, wrong = str(stages / "c.yaml"), Counter[tuple[str, str]](), []
    names = list(NAMES)[:-1]
    for number in range(FIRST, FIRST + BETWEEN):
        chance = random.Random(f"{SEED} {number}")
        stage = names[number % len(names)]
        before = stages / f"after-{stage}"
        by_kind = of_kinds(before)
        of_kind = sorted(by_kind)[number // len(names) * 7 % len(by_kind)]
        inside, how = chance.choice(by_kind[of_kind]), chance.choice(("deleted", "emptied", "cut", "one bit"))
        shutil.rmtree(out)
        shutil.copytree(before, out)
        damage(out / inside, how, chance)
        is_damaged = (out / inside).read_bytes() if how != "deleted" else b""
        try:
            done = massivetext_here("run", config, "--output", str(out))
        except Exception:
            wrong.append((stage, inside, how, "traceback", traceback.format_exc()[-300:]))
            continue
        found = {path: value for path, value in hashes(out).items() if path != inside}
        if done.returncode != 0:
            is_named = str(out) in done.stderr and "Traceback" not in done.stderr
            told = "refused, by name" if is_named else "traceback"
        elif any(value != wanted[path] for path, value in found.items()) or len(found | {inside: ""}) < len(
            wanted
        ):
            told = "other bytes"
        elif (out / inside).exists() and (out / inside).read_bytes() != is_damaged:
            told = "made again"
        else:
            told = "not read, and verify tells" if verify(str(out)) else "not noticed"
        if told == "refused, by name":
            if inside == "manifest.json" and how == "deleted":
                shutil.copy2(
                    before / inside, out / inside
                )  # without it, a folder is no output: nothing is touched
            elif inside != "manifest.json":
                (out / inside).unlink(missing_ok=True)
            done = massivetext_here("run", config, "--output", str(out), "--changed")
            told += (
                ", and made again" if done.returncode == 0 and hashes(out) == wanted else ", but not mended"
            )
        table[stage, told] += 1
        if told not in ("made again", "refused, by name, and made again", "not read, and verify tells"):
            wrong.append((stage, inside, how, told, done.stderr[-300:]))
    for (stage, told), count in sorted(table.items()):
        print(f"after {stage:14} {told:35} {count}")
    assert wrong == []
