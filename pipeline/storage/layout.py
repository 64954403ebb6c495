"""The layout of OUT. Paths are relative to OUT, with `/`."""

MANIFEST = "manifest.json"
LOCK = ".lock"  # names the command that writes to the output
WORK = ".work"  # files that only the run itself reads
SHARDS = "shards"
VALIDATION = "shards/validation"  # shards with documents that are in no other shard
REPORT = "report/index.html"
WITHDRAWN = "withdrawn.jsonl"  # a line for each time that documents were withdrawn from the shards
STATS = "report/stats.json"
DATASHEET = "report/datasheet.md"
HISTORY = "history.json"  # the headline figures of the runs that the folder has seen
AGAINST = ("report/against.html", "report/against.json")  # the results of `compare`, as a page and as figures


def documents(source: str, part: int) -> str:
    return f"documents/source={source}/part-{part:08x}.parquet"


def verdicts(source: str, part: int) -> str:
    """The verdicts on a part: a row for each document, in the order of documents()."""
    return f"verdicts/source={source}/part-{part:08x}.parquet"


def verdicts_of(documents: str) -> str:
    """The file of verdicts/ beside one of documents/."""
    return documents.replace("documents/", "verdicts/", 1)


def failed(part: int) -> str:
    return f"failed/part-{part:08x}.parquet"


def duplicates(part: int) -> str:
    return f"duplicates/part-{part:08x}.parquet"


def contaminated(part: int) -> str:
    return f"contaminated/part-{part:08x}.parquet"


def tokens(source: str, part: int) -> str:
    return f"tokens/source={source}/part-{part:08x}.parquet"


FOLDERS = ((SHARDS, ""), (VALIDATION, "validation"))
"""The folder of the validation shards, and the key of their figures."""


def tokenizer(is_json: bool) -> str:
    """The tokenizer's file, for its own library."""
    return f"tokenizer/tokenizer.{'json' if is_json else 'model'}"


def index(folder: str) -> str:
    """The index of SHARDS or VALIDATION: the documents in each sequence."""
    return f"{folder}/index.parquet"


def shard(folder: str, form: str, number: int) -> str:
    """A shard of SHARDS or VALIDATION in one format, without the format's suffixes."""
    return f"{folder}/{form}/shard-{number:05d}"


def work(stage: str, name: str) -> str:
    """A file that only the run itself reads."""
    return f".work/{stage}/{name}"


TARGETS = work("mix", "targets.json")  # the tokens and epochs that the mix asks of each source


def has_checksums(path: str) -> bool:
    """Whether a file has checksums, which its readers check (see footer and arrays)."""
    return path.endswith((".parquet", ".npy"))


def is_read_whole(path: str) -> bool:
    """Whether a file of a part is small, is read whole by later stages, and has no checksums: the tokenizer."""
    return path.startswith("tokenizer/")


def is_work(path: str) -> bool:
    """Whether only the run itself reads a file."""
    return path.startswith(f"{WORK}/")


def record(stage: str, part: int) -> str:
    """The record of a finished part, see pipeline.runtime.parts."""
    return f".work/{stage}/part-{part:08x}.json"


def is_record(path: str) -> bool:
    """Whether a file is the record of a part or of a grouping."""
    name = path.rpartition("/")[2]
    return is_work(path) and (
        (name.startswith("part-") and name.endswith(".json")) or name.endswith(".group")
    )


def documents_of(source: str) -> str:
    """A glob of all documents of a source."""
    return f"documents/source={source}/part-*.parquet"


def tokens_of(source: str) -> str:
    """A glob of all tokens of a source."""
    return f"tokens/source={source}/part-*.parquet"


def source_of(path: str) -> str:
    """The source of a file of documents/, verdicts/ or tokens/, from its folder."""
    return path.rsplit("source=", 1)[1].split("/", 1)[0]


def part_of(path: str) -> int:
    """The number of the part that a file belongs to."""
    return int(path.rsplit("part-", 1)[1].split(".", 1)[0], 16)
