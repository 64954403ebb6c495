"""Small JSON files with a seal, a hash of their own content, so that a damaged file is always noticed."""

import hashlib
from typing import Any

import orjson

from massivetext.pipeline.storage import files
from massivetext.pipeline.storage.files import Written

_SEAL = "seal"


class DamagedError(Exception):
    """A file of OUT has changed since it was written. The message names it and says what to do."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(f"{path}: {what}")
        self.path = path


def write(out: str, path: str, value: dict[str, Any]) -> Written:
    """Write a value with its seal."""
    return files.write_bytes(out, path, sealed(value))


def sealed(value: dict[str, Any]) -> bytes:
    """Returns the bytes of a value's file."""
    plain = orjson.loads(orjson.dumps(value, default=list))
    return orjson.dumps({**plain, _SEAL: _seal(plain)}, option=orjson.OPT_INDENT_2)


def read(path: str) -> dict[str, Any]:
    """Read the value. Raises DamagedError if the file has changed since it was written."""
    data = files.read_bytes(path)
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        what = "it is empty" if not data else f"it is no JSON ({error})"
        raise DamagedError(path, f"damaged: {what}") from error
    if not isinstance(value, dict) or _SEAL not in value:
        raise DamagedError(path, "damaged: it has no seal")
    seal = value.pop(_SEAL)
    if seal != _seal(value):
        raise DamagedError(path, "damaged: its content is not what its seal says")
    return value


def _seal(value: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
