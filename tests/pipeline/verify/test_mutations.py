"""200 seeded damages to every kind of file in OUT: each is noticed by verify, by name and without a traceback."""

import random
import re
import shutil
from collections import Counter
from pathlib import Path

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.verify.verify import verify

DAMAGES = 200
SEED = 15


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
    by_kind: dict[str, list[str]] = {}
    for path in sorted(out.rglob("*")):
        inside = path.relative_to(out).as_posix()
        if path.is_file() and path.stat().st_size and not inside.endswith(".error"):
            by_kind.setdefault(kind(inside), []).append(inside)
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
