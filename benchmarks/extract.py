"""Main text of pages: precision, recall, F1 and speed of ours and of peers, in one run: make benchmark-extract

Each extractor works on all pages in one process of its own, one after another; peers live in an environment
under build/. Times are CPU seconds of extraction from decoded HTML.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import extract_pages, extract_score, extract_wcxb
from benchmarks.extract_run import TRAFILATURA

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "build" / "extract"
PEERS = [
    "trafilatura==2.3.1",
    "readability-lxml==0.9",
    "lxml_html_clean",
    "resiliparse==2.0.1",
    "rs-trafilatura==0.1.1",
]
EXTRACTORS = ["ours", "resiliparse", "trafilatura", *TRAFILATURA, "readability"]
OF_KINDS = ["ours", "resiliparse", "trafilatura", "rs-trafilatura"]
COMMENTS = "trafilatura (comments)"  # shows which of its phrases are readers' comments


def main() -> None:
    """Print a table for each set of pages, and one of speed; then WCXB, if its file is given."""
    environment = FOLDER / "peers"
    if not (environment / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        install = [environment / "bin" / "python", "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, "--upgrade", "pip"], check=True)  # older ones fail on readability's extras
        subprocess.run([*install, *PEERS], check=True)
        (environment / "ready").touch()
    pages = extract_pages.load(FOLDER)
    found, seconds = _run(EXTRACTORS, [page.html for page in pages], rounds=3)
    print(
        extract_score.table(
            pages, found, extract_score.comments(pages, found["trafilatura"], found[COMMENTS])
        )
    )
    megabytes = sum(len(page.html.encode()) for page in pages) / 1e6
    print(f"\n| {megabytes:.1f} MB of HTML | MB/s | times trafilatura |\n|---|---|---|")
    for name, time in seconds.items():
        print(f"| {name} | {megabytes / time:.1f} | {seconds['trafilatura'] / time:.1f} |")
    if len(sys.argv) > 1 and Path(sys.argv[1]).exists():
        of_kinds = extract_wcxb.load(Path(sys.argv[1]))
        found, seconds = _run(OF_KINDS, [page.html for page in of_kinds], rounds=1)
        print("\n" + extract_wcxb.table(of_kinds, found, seconds))


def _run(
    names: Sequence[str], pages: list[str], rounds: int
) -> tuple[dict[str, list[str]], dict[str, float]]:
    """The text of each page by each extractor, and the CPU seconds of each extractor."""
    inputs = FOLDER / "pages.json"
    inputs.write_text(json.dumps(pages))
    found, seconds = {}, {}
    for name in names:
        python = sys.executable if name == "ours" else str(FOLDER / "peers" / "bin" / "python")
        script = str(Path(__file__).with_name("extract_run.py"))
        done = subprocess.run(
            [python, "-P", script, name, inputs, str(rounds)],  # -P: a module there has the name of a package
            env={**os.environ, "PYTHONPATH": str(ROOT) if name == "ours" else ""},
            stdout=subprocess.PIPE,
            check=True,
        )
        found[name], seconds[name] = json.loads(done.stdout)
    inputs.unlink()
    return found, seconds


if __name__ == "__main__":
    main()
