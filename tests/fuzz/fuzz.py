"""Coverage-guided fuzzing of one reader: python -m tests.fuzz.fuzz KIND FINDINGS [LIBFUZZER'S ARGUMENTS].

A reader must yield valid records and failures whatever the bytes are; it may raise nothing, take no more
than libFuzzer's -timeout for an input, and no more memory than its -rss_limit_mb. The slowest input is kept
in FINDINGS.
"""

import io
import sys
import time
from pathlib import Path

import atheris

import massivetext.filters.compile

# All of `filters` that is imported later is instrumented; kernels compile only as written, and not in an input's time.

massivetext.filters.compile.main()
with atheris.instrument_imports(
    include=[
        "massivetext.pipeline.read",
        "massivetext.filters.licence.licence",
        "massivetext.filters.licence.licence_metadata",
    ]
):
    from massivetext.pipeline.read import books, news, text, web
    from massivetext.pipeline.read.code import repository as code
    from massivetext.pipeline.read.record import Input, Record, Skipped
    from massivetext.pipeline.read.settings import Limits
    from massivetext.pipeline.read.wikipedia import dump as wikipedia

READERS = {
    "web": web.read,
    "text": text.read,
    "parquet": text.read,
    "books": books.read,
    "code": code.read,
    "wikipedia": wikipedia.read,
    "news": news.read,
}
LIMITS = Limits(record_bytes=1 << 20)


def check(kind: str, content: bytes) -> None:
    """Reads an input; raises where the reader breaks its promises."""
    places = set()
    for found in READERS[kind](Input("input", io.BytesIO(content), LIMITS)):
        for field in found:
            if isinstance(field, str):
                field.encode()  # a lone surrogate cannot be stored
        if isinstance(found, Record):
            assert found.offset not in places, f"two documents at {found.offset}"
            places.add(found.offset)
        assert isinstance(found, Skipped) or -1 <= found.offset < 1 << 63


def main() -> None:
    kind, findings = sys.argv[1], Path(sys.argv[2])
    slowest = 0.1

    def test(content: bytes) -> None:
        nonlocal slowest
        started = time.perf_counter()
        check(kind, content)
        seconds = time.perf_counter() - started
        if seconds > slowest:
            slowest = 1.1 * seconds
            (findings / f"slow-{kind}-{seconds:06.2f}s").write_bytes(content)

    atheris.Setup([sys.argv[0], *sys.argv[3:]], test)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
