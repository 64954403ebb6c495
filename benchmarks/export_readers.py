"""Who can read what a run leaves: the export and the folders of OUT as they lie.

    python benchmarks/export_readers.py OUT EXPORT_PARQUET EXPORT_JSONL

Prints, for each library that is installed, its version and the rows that it reads. Needs none of massivetext.
"""

import glob
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version

FOLDERS = ("documents", "verdicts", "tokens", "duplicates", "contaminated", "failed")


def readers() -> Iterator[tuple[str, Callable[[str], int], Callable[[str], int] | None]]:
    """Each library: how it counts the rows of a folder of Parquet files, and of one of JSON lines."""
    import datasets
    import duckdb
    import pandas
    import polars

    def by_datasets(kind: str) -> Callable[[str], int]:
        def count(folder: str) -> int:
            if folder.endswith("/data"):  # of an export, whose card stands beside it
                return datasets.load_dataset(folder.removesuffix("/data"), split="train").num_rows
            files = sorted(glob.glob(f"{folder}/**/*.{kind}", recursive=True))
            return datasets.load_dataset(kind, data_files=files, split="train").num_rows

        return count

    yield "datasets", by_datasets("parquet"), by_datasets("json")
    query = "select count(*) from {}('{}/**/*.{}'{})"
    yield (
        "duckdb",
        lambda folder: (
            duckdb.sql(query.format("read_parquet", folder, "parquet", ", union_by_name=true"))
            .limit(1)
            .fetchall()[0][0]
        ),
        lambda folder: (
            duckdb.sql(query.format("read_json", folder, "jsonl.zst", "")).limit(1).fetchall()[0][0]
        ),
    )
    yield (
        "polars",
        lambda folder: polars.scan_parquet(f"{folder}/**/*.parquet").select(polars.len()).collect().item(),
        lambda folder: sum(
            len(polars.read_ndjson(path)) for path in glob.glob(f"{folder}/**/*.zst", recursive=True)
        ),
    )
    yield (
        "pandas",
        lambda folder: len(pandas.read_parquet(folder)),
        lambda folder: sum(
            len(pandas.read_json(path, lines=True))
            for path in glob.glob(f"{folder}/**/*.zst", recursive=True)
        ),
    )


def spark() -> tuple[Callable[[str], int], Callable[[str], int]]:
    """How Spark counts the rows of a folder of Parquet files, and of one of JSON lines."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    reader = session.read.option("recursiveFileLookup", "true")
    return lambda folder: reader.parquet(folder).count(), lambda folder: reader.json(folder).count()


def told(count: Callable[[str], int], folder: str) -> str:
    """A number of rows, or why there is none."""
    try:
        return f"{count(folder):,}"
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0][:150]}"


def main(out: str, parquet: str, jsonl: str) -> None:
    """Print a line for each library and folder."""
    found = [*readers()]
    try:
        found.append(("pyspark", *spark()))
    except Exception as error:
        print(f"pyspark: {error}")
    for name, count, count_lines in found:
        print(f"{name} {version(name)}")
        print(f"  export, parquet: {told(count, f'{parquet}/data')}")
        if count_lines is not None:
            print(f"  export, jsonl.zst: {told(count_lines, f'{jsonl}/data')}")
        for folder in FOLDERS:
            print(f"  OUT/{folder}: {told(count, f'{out}/{folder}')}")


if __name__ == "__main__":
    main(*sys.argv[1:])
