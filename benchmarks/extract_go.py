"""Test pages that Go modules ship: those that trafilatura is evaluated with, and Mozilla's later ones. Fetched by
the Go client on the first run.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

TRAFILATURA = "github.com/markusmobius/go-trafilatura@v1.12.2"
READABILITY = "github.com/go-shiori/go-readability@v0.0.0-20251205110129-5db1dc9836f0"
# An entry of trafilatura's evaluation is a Go literal, with one field a line.
FIELD = re.compile(r"^\t\t(File|With|Without): +(.*),$", re.MULTILINE)
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def evaluation(folder: Path) -> Iterator[tuple[str, bytes, list[str], list[str]]]:
    """(name, HTML, phrases of the main text, other phrases) of each page that trafilatura is evaluated with."""
    root = _module(folder, TRAFILATURA)
    entries = (root / "scripts" / "comparison" / "data.go").read_text(encoding="utf-8")
    entry: dict[str, list[str]] = {}
    for field, value in [*FIELD.findall(entries), ("File", "")]:
        if field == "File" and entry:
            page = root / "test-files" / "comparison" / entry["File"][0]
            if page.exists():  # the others are trafilatura's own test pages
                yield page.name, page.read_bytes(), entry.get("With", []), entry.get("Without", [])
            entry = {}
        entry[field] = [json.loads(string) for string in STRING.findall(value)]


def mozilla(folder: Path) -> Path:
    """The folder of Mozilla's test pages."""
    return _module(folder, READABILITY) / "test-pages"


def _module(folder: Path, module: str) -> Path:
    """The folder of a module; downloads it on first use."""
    cache = folder / "go"
    root = cache / module
    if not root.exists():
        environment = {**os.environ, "GOMODCACHE": str(cache.absolute()), "GOFLAGS": "-modcacherw"}
        download = ["go", "mod", "download", "-json", module]
        subprocess.run(download, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    return root
