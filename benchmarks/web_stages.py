"""Web pages from WARC to measured text on one core, and each step's share: python -m benchmarks.web_stages WARC.gz

Each step runs on the output of the step before it, in this process. Times are CPU seconds, on which other load on the
machine has less effect.
"""

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from massivetext.filters.html.main_text import main_text
from massivetext.filters.html.page import new_page
from massivetext.filters.html.tokens import read_page
from massivetext.filters.language.language import identify
from massivetext.filters.measure.measure import measure
from massivetext.pipeline.read.formats import http, warc
from massivetext.pipeline.read.formats.charset import decode_page
from massivetext.pipeline.read.formats.decompress import Decompressed
from massivetext.pipeline.read.settings import Limits

ROUNDS = 3
BATCH = 4 << 20


def main() -> None:
    """Print a Markdown table of the steps."""
    compressed = Path(sys.argv[1]).read_bytes()
    rounds = [_round(compressed) for _ in range(ROUNDS + 1)][1:]
    seconds = {step: median(times[step] for times, _, _ in rounds) for step in rounds[0][0]}
    _, pages, size = rounds[0]
    total = sum(seconds.values())
    print(f"{pages} pages, {size / 1e6:.1f} MB of WARC, {len(compressed) / 1e6:.1f} MB compressed")
    print(
        f"{pages / total:.0f} pages/s, {size / total / 1e6:.1f} MB/s\n\n| step | seconds | share |\n|---|---|---|"
    )
    for step, time_of_it in seconds.items():
        print(f"| {step} | {time_of_it:.2f} | {time_of_it / total:.0%} |")


def _round(compressed: bytes) -> tuple[dict[str, float], int, int]:
    times: dict[str, float] = {}

    def timed(step: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        done = work()
        times[step] = time.process_time() - start
        return done

    limits = Limits()
    data = timed("gunzip", lambda: _read_all(Decompressed(io.BytesIO(compressed), limits)))
    frames = timed("records", lambda: list(warc.frames(Decompressed(io.BytesIO(data), limits), limits)))
    bodies = timed("HTTP", lambda: [_body(frame, limits) for frame in frames])
    bodies = [body for body in bodies if body]
    texts = timed("characters", lambda: [decode_page(body).text.encode() for body in bodies])
    timed("parse", lambda: [_parse(text) for text in texts])
    whole = timed("extract", lambda: [main_text(text).text for text in texts])
    times["extract"] -= times["parse"]  # extracting includes parsing
    batches = _batches(whole)
    timed("language", lambda: [identify(batch) for batch in batches])
    measured = timed("measure", lambda: [measure(batch) for batch in batches])
    timed("write Parquet", lambda: _write(batches, measured))
    return times, len(bodies), len(data)


def _read_all(source: Decompressed) -> bytes:
    pieces = []
    while piece := source.read(1 << 20):
        pieces.append(piece)
    return b"".join(pieces)


def _body(frame: Any, limits: Limits) -> bytes | None:
    response = http.parse(frame.block)
    return http.body(response, limits.record_bytes) if response else None


def _parse(text: bytes) -> None:
    read_page(new_page(text), len(text))


def _batches(texts: list[str]) -> list[pa.RecordBatch]:
    found, rows, size = [], [], 0
    for number, text in enumerate(texts):
        rows.append((f"{number:032x}", text))
        size += len(text)
        if size > BATCH or number == len(texts) - 1:
            ids, of_batch = zip(*rows, strict=True)
            found.append(pa.record_batch({"id": list(ids), "text": list(of_batch)}))
            rows, size = [], 0
    return found


def _write(batches: list[pa.RecordBatch], measured: list[pa.RecordBatch]) -> None:
    for batch, columns in zip(batches, measured, strict=True):
        table = pa.Table.from_arrays(
            [*batch.columns, *columns.columns], [*batch.schema.names, *columns.schema.names]
        )
        pq.write_table(table, io.BytesIO(), compression="zstd")


if __name__ == "__main__":
    main()
