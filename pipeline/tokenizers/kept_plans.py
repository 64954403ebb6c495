"""Keeps translated tokenizers beside the compiled kernels, so that only the first process takes seconds to translate a
file: each worker of a run opens the same one.
"""

import contextlib
import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from massivetext.filters.kernels import kernel
from massivetext.filters.kernels.aligned import table
from massivetext.filters.kernels.source import fingerprint
from massivetext.pipeline.tokenizers import ranked_model
from massivetext.pipeline.tokenizers.ranked_model import Plan

_MOST = 4  # plans that are kept, some 15 MB each


def kept_plan(model: bytes, tokens: Mapping[int, Any], library: Any, make: Callable[[], Plan]) -> Plan:
    """Returns the plan for a file and its added tokens, which `make` makes if it is not kept."""
    added = sorted((identity, repr(token)) for identity, token in tokens.items())
    digest = hashlib.sha256(model)
    digest.update(
        repr((added, library.__version__, np.__version__, fingerprint(ranked_model.__name__))).encode()
    )
    path = kernel.cache_folder() / "tokenizers" / f"{digest.hexdigest()[:32]}.plan"
    # A plan that is damaged is made again; one that cannot be kept is made by the next process, too.
    with contextlib.suppress(OSError):
        hash_, kept = _divided(path.read_bytes())
        if hash_ == hashlib.sha256(kept).digest():
            return _at_a_line(pickle.loads(kept))
    plan = make()
    with contextlib.suppress(OSError):
        _keep(path, plan)
    return plan


def _divided(data: bytes) -> tuple[bytes, memoryview]:
    """Returns the hash with which the file of a plan begins, and the rest."""
    size = hashlib.sha256().digest_size
    return data[:size], memoryview(data)[size:]


def _at_a_line(plan: Plan) -> Plan:
    """Returns the plan with its largest table at a line of the processor's cache again."""
    merges = plan.model.merges
    entries = table(len(merges.table), merges.table.dtype)
    entries[:] = merges.table
    return plan._replace(model=plan.model._replace(merges=merges._replace(table=entries)))


def _keep(path: Path, plan: Plan) -> None:
    """Write the plan, and delete all but the newest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, partial = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            kept = pickle.dumps(plan, protocol=5)
            file.write(hashlib.sha256(kept).digest() + kept)
        Path(partial).rename(path)
    except OSError:
        Path(partial).unlink()
        raise
    by_age = sorted(path.parent.glob("*.plan"), key=lambda one: one.stat().st_mtime)
    for old in by_age[:-_MOST]:
        old.unlink(missing_ok=True)
