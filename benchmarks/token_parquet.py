"""Tokens as Parquet: CPU seconds to write and to read a billion tokens, and bytes a token, by encoding.

    python -m benchmarks.token_parquet OUT

OUT is a finished run: the tokens of its largest file are written again and again, each time from memory to memory.
"""

import io
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

PATH = "tokens.list.element"
ROUNDS = 5


def main() -> None:
    files = sorted(Path(sys.argv[1], "tokens").rglob("*.parquet"), key=lambda path: path.stat().st_size)
    table = pa.Table.from_batches(pq.ParquetFile(files[-1]).iter_batches(columns=["tokens"]))
    count = sum(len(chunk.flatten()) for chunk in table.column("tokens").chunks)
    print(f"{count:,} tokens of {table.num_rows:,} documents\n")
    print("| encoding | write, CPU s a billion | read | bytes a token |\n|---|---|---|---|")
    for name, encoding in (("plain", "PLAIN"), ("split", "BYTE_STREAM_SPLIT")):
        best_write = best_read = float("inf")
        for _ in range(ROUNDS):
            began = time.process_time()
            sink = io.BytesIO()
            pq.write_table(
                table,
                sink,
                row_group_size=1000,
                use_dictionary=False,
                write_statistics=False,
                compression={PATH: "zstd"},
                column_encoding={PATH: encoding},
            )
            best_write = min(best_write, time.process_time() - began)
            began = time.process_time()
            assert pq.read_table(io.BytesIO(sink.getvalue()), use_threads=False).num_rows == table.num_rows
            best_read = min(best_read, time.process_time() - began)
        write, read = (1e9 * seconds / count for seconds in (best_write, best_read))
        print(f"| {name} | {write:.1f} | {read:.1f} | {len(sink.getvalue()) / count:.3f} |")


if __name__ == "__main__":
    main()
