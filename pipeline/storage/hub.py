"""Reads datasets and buckets of the Hugging Face hub.

Their paths are `hf://datasets/OWNER/NAME[@REVISION]/PATH` and `hf://buckets/OWNER/NAME/PATH`. huggingface_hub lists
them with the token of the environment (HF_TOKEN) or of `hf auth login`; files are read by ranges. The files of a
dataset are pinned to the commit to which its revision (or `main`) points at that time, so that a run reads one state.
"""

import re
import urllib.parse
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import Any, BinaryIO, NamedTuple

from massivetext.pipeline.storage import http_files
from massivetext.pipeline.storage.http_request import (
    Address,
    retried,
    wait_of,
)
from massivetext.pipeline.storage.object_store import BUFFER, Match, StoreError, is_match
from massivetext.pipeline.storage.retries import PASSING, BusyError, CutOffError

PATH = re.compile(r"hf://(datasets|buckets)/([^/@]+/[^/@]+)(?:@([^/]+))?/(.+)")
SIGNS = re.compile(r"[*?[]")
_LOGIN = "it is private, gated, or not there: set HF_TOKEN to a token that may read it"


class Place(NamedTuple):
    """A file or a glob of files in a dataset or a bucket. A revision is written as in a path: `refs%2Fpr%2F1`."""

    kind: str
    id: str
    revision: str | None
    path: str

    def name(self, path: str) -> str:
        """Returns the name of a file of the same dataset or bucket, as in a configuration."""
        at = f"@{self.revision}" if self.revision else ""
        return f"hf://{self.kind}/{self.id}{at}/{path}"


def open_read(path: str, buffer: int = BUFFER) -> BinaryIO:
    """Returns a seekable stream of a file. Each request asks for at least `buffer` bytes."""
    return http_files.opened(address(path), buffer)


def open_ahead(path: str) -> BinaryIO:
    """Like open_read, with the first bytes already fetched."""
    return http_files.opened(address(path), ahead=True)


def exists(path: str) -> bool:
    return http_files.is_there(address(path))


def stamped(pattern: str) -> list[Match]:
    """Returns the files that a glob matches, with their sizes. The stamp is the hash of the bytes, if the hub has
    it."""
    place = _place(pattern)
    try:
        pinned = _pinned(place)
        listed = _asked(pattern, lambda: _listed(pinned))
    except FileNotFoundError:
        return []
    wanted = place.path.split("/")
    return [
        Match(place.name(file.path), file.size, _stamp(file), pinned.name(file.path))
        for file in listed
        if is_match(file.path.split("/"), wanted)
    ]


def _pinned(place: Place) -> Place:
    """Returns the place at the commit to which its revision points now. A bucket has no revisions."""
    if place.kind == "buckets":
        return place
    about = _asked(place.name(place.path), lambda: _api().dataset_info(place.id, revision=_revision(place)))
    return place._replace(revision=about.sha)


def address(path: str) -> Address:
    """Returns the address from which a file is downloaded, with the token."""
    place = _place(path)
    kind = "" if place.kind == "buckets" else "/" + (place.revision or "main")
    api = _api()
    url = f"{api.endpoint}/{place.kind}/{place.id}/resolve{kind}/{urllib.parse.quote(place.path)}"
    token = _token()
    return Address(url, (("Authorization", f"Bearer {token}"),) if token else (), _LOGIN)


def _place(path: str) -> Place:
    found = PATH.fullmatch(path)
    if not found or (found[1] == "buckets" and found[3]):
        raise StoreError(
            f"{path}: expected hf://datasets/OWNER/NAME/PATH, hf://datasets/OWNER/NAME@REVISION/PATH or "
            "hf://buckets/OWNER/NAME/PATH"
        )
    return Place(*found.groups())


def _revision(place: Place) -> str | None:
    return place.revision and urllib.parse.unquote(place.revision)


def _listed(place: Place) -> list[Any]:
    """Returns the files below the last folder without a glob in its name."""
    api = _api()
    folder = SIGNS.split(place.path, maxsplit=1)[0].rpartition("/")[0]
    if place.kind == "datasets":
        listed: Iterable[Any] = api.list_repo_tree(
            place.id, folder or None, recursive=True, revision=_revision(place), repo_type="dataset"
        )
    else:
        listed = api.list_bucket_tree(place.id, folder or None, recursive=True)
    return [each for each in listed if hasattr(each, "size")]


def _stamp(file: Any) -> str:
    lfs = getattr(file, "lfs", None)
    known = (lfs and lfs.sha256) or getattr(file, "xet_hash", None) or getattr(file, "blob_id", None)
    return f"{known or getattr(file, 'uploaded_at', '')} {file.size}"


def _asked(name: str, call: Callable[[], Any]) -> Any:
    """Returns the hub's answer. Raises FileNotFoundError if a folder does not exist, and StoreError for other errors.

    If the hub is busy, it is asked again after a pause.
    """
    from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError

    def act() -> Any:
        try:
            return call()
        except EntryNotFoundError as error:
            raise FileNotFoundError(str(error)) from error
        except HfHubHTTPError as error:
            status, said = error.response.status_code, " ".join(str(error).split())
            if status in PASSING:
                raise BusyError(said, wait_of(error.response.headers.get("Retry-After"))) from error
            raise StoreError(f"{name}: {said}{f': {_LOGIN}' if status in (401, 403, 404) else ''}") from error
        except ValueError as error:  # a name that is not valid for a dataset
            raise StoreError(f"{name}: {error}") from error
        except Exception as error:  # an error of the library that sends the requests
            raise CutOffError(f"{type(error).__name__}: {error}") from error

    return retried(name, act)


def _api() -> Any:
    if find_spec("huggingface_hub") is None:
        raise StoreError("hf:// needs a package: pip install '.[huggingface]' in a clone of massivetext")
    from huggingface_hub import HfApi

    return HfApi()


def _token() -> str | None:
    from huggingface_hub import get_token

    return get_token()
