"""Notes: what a reader says of documents, one line of JSON each, in a file beside OUT."""

import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson

MOST = 10_000  # characters of a note


@dataclass(frozen=True)
class Note:
    """What was said of a document: a label, such as `good`, and a text. The last note of a document counts."""

    id: str
    label: str
    text: str
    at: str  # ISO 8601, UTC


@dataclass(frozen=True)
class Notes:
    """The notes on one output. OUT itself is not touched: the file is named OUT.notes.jsonl."""

    path: Path
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def read(self) -> dict[str, Note]:
        """The last note of each document."""
        if not self.path.exists():
            return {}
        notes = (Note(**orjson.loads(line)) for line in self.path.read_bytes().splitlines() if line)
        return {note.id: note for note in notes}

    def add(self, note: Note) -> None:
        """Append a note; raises ValueError for one that is too long."""
        if len(note.text) > MOST or len(note.label) > 100 or len(note.id) > 200:
            raise ValueError(f"a note has at most {MOST:,} characters, and its label 100")
        with self._lock, self.path.open("ab") as stream:
            stream.write(orjson.dumps(asdict(note), option=orjson.OPT_APPEND_NEWLINE))
