"""Main text of pages: precision, recall, F1 and speed of ours and of peers, in one run: make benchmark-extract

Each extractor works on all pages in one process of its own, one after another; peers live in an environment
under build/. Times are CPU seconds of extraction from decoded HTML.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks import extract_pages, extract_score
from benchmarks.extract_run import TRAFILATURA

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "build" / "extract"
PEERS = ["trafilatura==2.3.1", "readability-lxml==0.9", "lxml_html_clean", "resiliparse==2.0.1"]
EXTRACTORS = ["ours", "resiliparse", "trafilatura", *TRAFILATURA, "readability"]
COMMENTS = "trafilatura (comments)"  # tells which of its phrases are readers' comments


def main() -> None:
    """Print a table for each set of pages, and one of speed."""
    environment = FOLDER / "peers"
    if not (environment / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        install = [environment / "bin" / "python", "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, "--upgrade", "pip"], check=True)  # older ones fail on readability's extras
        subprocess.run([*install, *PEERS], check=True)
        (environment / "ready").touch()
    pages = extract_pages.load(FOLDER)
    inputs = FOLDER / "pages.json"
    inputs.write_text(json.dumps([page.html for page in pages]))
    megabytes = sum(len(page.html.encode()) for page in pages) / 1e6
    found: dict[str, list[str]] = {}
    seconds: dict[str, float] = {}
    for name in EXTRACTORS:
        python = sys.executable if name == "ours" else str(environment / "bin" / "python")
        script = str(Path(__file__).with_name("extract_run.py"))
        done = subprocess.run(
            [python, "-P", script, name, str(inputs)],  # its folder holds a module named as a package here
            env={**os.environ, "PYTHONPATH": str(ROOT) if name == "ours" else ""},
            stdout=subprocess.PIPE,
            check=True,
        )
        found[name], seconds[name] = json.loads(done.stdout)
    print(
        extract_score.table(
            pages, found, extract_score.comments(pages, found["trafilatura"], found[COMMENTS])
        )
    )
    print(f"\n| {megabytes:.1f} MB of HTML | MB/s | times trafilatura |\n|---|---|---|")
    for name, time in seconds.items():
        print(f"| {name} | {megabytes / time:.1f} | {seconds['trafilatura'] / time:.1f} |")


if __name__ == "__main__":
    main()
