"""Notes: a reader's notes on documents, each a line of JSON in a file beside OUT."""

import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson

MOST = 10_000  # characters of a note


@dataclass(frozen=True)
class Note:
    """A note on a document: a label, such as `good`, and a text. The last note on a document counts."""

    id: str
    label: str
    text: str
    at: str  # ISO 8601, UTC


@dataclass(frozen=True)
class Notes:
    """The notes on one output, in the file OUT.notes.jsonl. Nothing in OUT changes."""

    path: Path
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def read(self) -> dict[str, Note]:
        """Returns the last note on each document, by its id."""
        if not self.path.exists():
            return {}
        notes = (Note(**orjson.loads(line)) for line in self.path.read_bytes().splitlines() if line)
        return {note.id: note for note in notes}

    def add(self, note: Note) -> None:
        """Append a note. Raises ValueError if it is too long."""
        if len(note.text) > MOST or len(note.label) > 100 or len(note.id) > 200:
            raise ValueError(
                f"the note is too long: expected at most {MOST:,} characters, and at most 100 in its label"
            )
        with self._lock, self.path.open("ab") as stream:
            stream.write(orjson.dumps(asdict(note), option=orjson.OPT_APPEND_NEWLINE))
