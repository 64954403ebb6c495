"""What was taken out of the shards after the run: a line of OUT/withdrawn.jsonl each time."""

import posixpath
from typing import Any

import orjson

from massivetext.pipeline.stages.report.stats import Withdrawal
from massivetext.pipeline.storage import files, layout


def records(out: str) -> list[dict[str, Any]]:
    """What was withdrawn, the first first: when, by whom, by which lists, which ids, and from where."""
    path = posixpath.join(out, layout.WITHDRAWN)
    return [orjson.loads(line) for line in files.read_bytes(path).splitlines()] if files.exists(path) else []


def withdrawals(out: str) -> list[Withdrawal]:
    """The same for the report: counts, and no ids."""
    return [
        Withdrawal(when=one["when"], by=one["by"], documents=one["documents"], sequences=len(one["places"]))
        for one in records(out)
    ]
