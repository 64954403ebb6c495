"""Other projects, each in an environment of its own under build/, made on first use."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent

# The packages that each needs besides itself, since it declares too few or too many.
PACKAGES = {
    "datatrove": [
        "datatrove==0.10.1",
        "fasteners",
        "fasttext-numpy2-wheel==0.9.2",
        "faust-cchardet",
        "lxml_html_clean==0.4.6",  # without it every page is dropped, as if it had taken too long
        "orjson",  # of its JsonlReader
        "python-magic",
        "regex",
        "spacy==3.8.18",
        "tokenizers==0.23.3",
        "trafilatura==2.3.1",
        "warcio==1.8.1",
        "xxhash<4",
    ],
    "dolma": ["dolma[resiliparse]==1.2.1", "dateparser==1.5.0"],
    "juicer": [
        "py-data-juicer==1.6.1",
        "aiohttp",
        "fasttext-numpy2-wheel==0.9.2",
        "ray==2.60.0",  # it installs these two itself when it first needs them
        "scipy",
        "torch==2.15.0",
    ],
}


def environment(name: str) -> Path:
    """The interpreter of a peer's environment, which is made if it does not exist with these packages yet."""
    folder = ROOT / "build" / f"peer-{name}"
    python, ready = folder / "bin" / "python", folder / "ready"
    wanted = "\n".join(PACKAGES[name])
    if not ready.exists() or ready.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        # pip would try versions of dolma's requirements for longer than anyone waits.
        install = [python, "-m", "uv", "pip", "install", "--quiet", "--python", python]
        subprocess.run([*install, *PACKAGES[name]], check=True)
        ready.write_text(wanted)
    return python


class Peer:
    """A peer's process, over one list of texts: see peer_filters.py for its commands."""

    def __init__(self, name: str, texts: list[str]) -> None:
        python = environment(name)
        documents = python.parent.parent / "documents.json"
        documents.write_text(json.dumps(texts), encoding="utf-8")
        script = Path(__file__).with_name("peer_filters.py")
        command = [str(python), str(script), name, str(documents)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, command: str) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        print(command, file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()
