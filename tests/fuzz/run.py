"""Fuzzes every reader in turn: python -m tests.fuzz.run FOLDER [SECONDS OF EACH] [SHARED_DATA].

FOLDER gets an environment with atheris, the corpus, which grows from run to run, and the findings: inputs that
made a reader raise, hang or take too much memory (`KIND-crash-...`, `-timeout-`, `-oom-`), and the slowest. A
finding is run again by

    FOLDER/env/bin/python -m tests.fuzz.fuzz KIND FOLDER/findings FILE
"""

import re
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.fuzz.seeds import KINDS, ROOT, write_seeds

ATHERIS = "atheris>=3,<4"
LIMITS = ("-max_len=16384", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1")
FIGURE = re.compile(r"stat::(\w+):\s+(\d+)")


def environment(folder: Path) -> Path:
    """A Python with atheris and all that this one has."""
    python = folder / "env/bin/python"
    if not (folder / "env/ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder / "env"], check=True)
        (site,) = (folder / "env/lib").glob("python*/site-packages")
        (site / "project.pth").write_text(sysconfig.get_path("purelib") + "\n")
        subprocess.run([python, "-m", "pip", "install", "--quiet", ATHERIS], check=True)
        (folder / "env/ready").touch()
    return python


def main(folder: Path, seconds: int, shared: Path) -> int:
    python = environment(folder)
    findings = folder / "findings"
    findings.mkdir(exist_ok=True)
    write_seeds(folder / "corpus", shared)
    for kind in KINDS:
        command = [python, "-m", "tests.fuzz.fuzz", kind, findings, f"-max_total_time={seconds}", *LIMITS]
        command += [f"-artifact_prefix={findings}/{kind}-", folder / "corpus" / kind]
        done = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, errors="replace")
        figures = dict(FIGURE.findall(done.stderr))
        runs, memory = figures.get("number_of_executed_units", "?"), figures.get("peak_rss_mb", "?")
        print(
            f"{kind}: {runs} executions, {memory} MB, {'clean' if not done.returncode else 'FOUND SOMETHING'}"
        )
    found = sorted(path for path in findings.iterdir() if "-slow-" not in f"-{path.name}")
    print("\n".join(str(path) for path in found) or "no finding")
    return 1 if found else 0


if __name__ == "__main__":
    shared_data = Path(sys.argv[3]) if len(sys.argv) > 3 else ROOT.parent / "shared/data"
    sys.exit(main(Path(sys.argv[1]).absolute(), int(sys.argv[2]) if len(sys.argv) > 2 else 60, shared_data))
