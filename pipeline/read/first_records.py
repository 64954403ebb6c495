"""Reads the first records of a source before any work, so that a wrong kind or field is an error at once."""

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from massivetext.pipeline.read.formats import recognise
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.record import Failure, Input, Record, Skipped
from massivetext.pipeline.read.settings import PAGES, Columns, Limits, Pages
from massivetext.pipeline.storage import files
from massivetext.pipeline.storage.object_store import StoreError
from massivetext.pipeline.storage.origin import Origin

RECORDS = 20  # the most records that are read of a file
FILES = (
    3  # the files that are tried if the first has no record: a broken file is no fault of the configuration
)
WHOLE_BYTES = 16 << 20  # the most bytes of a file that a reader reads whole before it yields a record


class First(NamedTuple):
    """The first records of a source. `format` and `failures` are those of `name`, the first file that was tried."""

    name: str
    format: recognise.Format
    records: list[Record]
    failures: list[Failure]
    skipped: list[Skipped]
    tried: int  # the number of files that were tried

    @property
    def is_unread(self) -> bool:
        """Whether there are records, but none could be read."""
        return bool(self.failures) and not self.records and not self.skipped

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found, not even a skipped record."""
        return not (self.records or self.failures or self.skipped)

    def fault(self, kind: str) -> str:
        """Says why nothing could be read: the format of the file, and the kind that reads that format."""
        others = f" (nor of {self.tried - 1} other files)" if self.tried > 1 else ""
        told = f"no record of {self.name}{others} could be read: {self.failures[0].error}"
        if kind in self.format.kinds or "the file is " in told:
            return told
        reads = f": kind {' or '.join(self.format.kinds)} reads it" if self.format.kinds else ""
        return f"{told}. It is {self.format.name}{reads}"


def first_records(
    kind: str, origins: Sequence[Origin], limits: Limits, columns: Columns, pages: Pages = PAGES
) -> First:
    """Returns the first records of a source's first file; if it has none, those of its middle or last file."""
    chosen = dict.fromkeys(origins[index] for index in (0, len(origins) // 2, len(origins) - 1))
    found: list[First] = []
    for origin in list(chosen)[:FILES]:
        found.append(_of_file(kind, origin, limits, columns, pages))
        if not found[-1].is_unread:
            return found[-1]._replace(tried=len(found))
    return found[0]._replace(tried=len(found))


def _of_file(kind: str, origin: Origin, limits: Limits, columns: Columns, pages: Pages) -> First:
    first = First(origin.name, recognise.EMPTY, [], [], [], 1)
    try:
        with files.open_read(origin.path) as stream:
            records = origin.records.path if origin.records else None
            form = recognise.CRAWL_INDEX if records else recognise.recognise(stream, origin.name, limits)
            first = first._replace(format=form)
            if not KINDS[kind].is_streaming and origin.bytes > WHOLE_BYTES:
                if form is not recognise.BINARY and kind not in form.kinds:
                    first.failures.append(Failure(0, recognise.refusal(form, kind, KINDS[kind].meaning)))
                return first
            for found in islice(
                KINDS[kind].read(Input(origin.name, stream, limits, columns, records=records, pages=pages)),
                RECORDS,
            ):
                match found:
                    case Record():
                        first.records.append(found)
                    case Failure():
                        first.failures.append(found)
                    case Skipped():
                        first.skipped.append(found)
    except StoreError:
        raise
    except Exception as error:
        first.failures.append(Failure(-1, f"the {kind} reader gave up: {type(error).__name__}: {error}"))
    return first
