"""Reads the withdrawals: each time documents are taken out of the shards, OUT/withdrawn.jsonl gets a line."""

import posixpath
from typing import Any

import orjson

from massivetext.pipeline.stages.report.stats import Withdrawal
from massivetext.pipeline.storage import files, layout


def records(out: str) -> list[dict[str, Any]]:
    """The withdrawals, the earliest first: when, by whom, by which lists, which ids, and from where."""
    path = posixpath.join(out, layout.WITHDRAWN)
    return [orjson.loads(line) for line in files.read_bytes(path).splitlines()] if files.exists(path) else []


def withdrawals(out: str) -> list[Withdrawal]:
    """The withdrawals for the report: with counts instead of ids."""
    return [
        Withdrawal(when=one["when"], by=one["by"], documents=one["documents"], sequences=len(one["places"]))
        for one in records(out)
    ]
