"""The hashes of outputs that tests of whole runs compare."""

import hashlib
from pathlib import Path


def hashes(out: Path) -> dict[str, str]:
    """Returns the SHA-256 of every file that must not depend on how a run was made."""
    folders = (
        "documents",
        "verdicts",
        "failed",
        "duplicates",
        "contaminated",
        "tokenizer",
        "tokens",
        "shards",
    )
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in sorted((out / folder).rglob("*"))
        if path.is_file()
    }
