"""massivetext from Python: load or make a configuration, run it, and use its output. See docs/library.md."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike, fspath
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from rich.console import Console

from massivetext.pipeline.compare.runs import Comparison
from massivetext.pipeline.compare.runs import compare as _compare
from massivetext.pipeline.config.load import ConfigError, Loaded, of_values
from massivetext.pipeline.config.load import load as _load
from massivetext.pipeline.export.card import Exported
from massivetext.pipeline.export.export import Wanted, export
from massivetext.pipeline.outcome import Trouble, outcome
from massivetext.pipeline.plan.plan import Plan
from massivetext.pipeline.plan.plan import plan as _plan
from massivetext.pipeline.runtime import candidates, manifest
from massivetext.pipeline.runtime.parts import StageError
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.verify.verify import verify

Configuration = Loaded
ConfigurationError = ConfigError
RunError = StageError
Path = str | PathLike[str]
Table = Literal["documents", "verdicts", "failed", "duplicates", "contaminated", "tokens", "sequences"]


def load(path: Path) -> Configuration:
    """Read and check the configuration in a YAML file. Raises ConfigurationError, which says what is wrong and
    where."""
    return _load(fspath(path))


def configuration(values: Mapping[str, Any], folder: Path = ".") -> Configuration:
    """Make a configuration from the keys that its file would have. Relative paths start from `folder`."""
    return of_values(values, fspath(folder))


def run(
    configuration: Configuration | Path,
    output: Path,
    *,
    stage: str | None = None,
    changed: bool = False,
    beam_options: Sequence[str] = (),
    progress: bool = False,
) -> "Output":
    """Run every stage that is not finished, or the one that is named, and return the output.

    `changed` accepts a configuration that differs from that of the output's earlier run. `beam_options` are those of
    the command line. `progress` shows the progress on standard error. Raises ConfigurationError before any work, and
    RunError if a stage cannot be finished.
    """
    from massivetext.pipeline.config import inputs
    from massivetext.pipeline.execute import execute
    from massivetext.pipeline.plugins.use import use
    from massivetext.pipeline.run import check, prepare
    from massivetext.pipeline.runtime import lock
    from massivetext.pipeline.runtime.engine import Engine
    from massivetext.pipeline.runtime.local_workers import Asked, Workers
    from massivetext.pipeline.runtime.progress import Display
    from massivetext.pipeline.runtime.stage import Run
    from massivetext.pipeline.storage.beam_internals import leave_notebooks_alone

    leave_notebooks_alone()
    loaded = configuration if isinstance(configuration, Configuration) else load(configuration)
    use(loaded.plugins)
    asked = Asked.by(beam_options)
    with contextlib.ExitStack() as opened:
        processes = None
        if asked.for_processes and not (asked.is_free and inputs.are_small(loaded)):
            processes = opened.enter_context(contextlib.closing(Workers()))
        engine = Engine(beam_options, processes)
        made = Run(
            loaded, fspath(output).rstrip("/"), engine, Display(Console(stderr=True, quiet=not progress))
        )
        check(made)
        made.holder = opened.enter_context(lock.held(made.out, stage or "run"))
        prepare(made, accept_changes=changed)
        execute(made, stage)
    return Output(made.out)


class Output:
    """The output of a run: its documents, figures and tables."""

    def __init__(self, path: Path) -> None:
        """Raises ConfigurationError if `path` holds no output."""
        self.path = fspath(path).rstrip("/")
        state = manifest.read(self.path)
        if state is None:
            raise ConfigurationError(
                f"{self.path}: holds no output of massivetext ({layout.MANIFEST} is missing)"
            )
        self._state = state

    def __repr__(self) -> str:
        return f"Output({self.path!r})"

    @property
    def sources(self) -> list[str]:
        """The names of the sources."""
        return list(self._state.asked.sources)

    @property
    def finished(self) -> list[str]:
        """The stages that are finished, in their order."""
        return [name for name in names.NAMES if name in self._state.stages]

    @property
    def report(self) -> str:
        """The path of the report's page."""
        return f"{self.path}/{layout.REPORT}"

    def figures(self) -> Stats:
        """The report's figures, as docs/stats.schema.json describes them."""
        return Stats.model_validate_json(files.read_bytes(f"{self.path}/{layout.STATS}"))

    def troubles(self) -> list[Trouble]:
        """The warnings and errors that the console shows at the end of a run. If one `is_fatal`, the run did not do
        what was asked."""
        return outcome(self.path, self._state.asked, has_report=names.REPORT in self._state.stages)

    def breaches(self) -> list[str]:
        """Check the promises on the output, which reads and counts everything again. Returns a line for each breach."""
        return verify(self.path)

    def table(self, name: Table) -> ds.Dataset:
        """Returns a table of the output as a dataset. The column `source` comes from the names of the folders.

        `documents` holds all documents that were read, in the order of `verdicts`; `sequences` is the index of the
        shards.
        """
        if name == "sequences":
            return ds.dataset(f"{self.path}/{layout.index(layout.SHARDS)}", format="parquet")
        folder = f"{self.path}/{name}"
        return ds.dataset(folder, format="parquet", partitioning=ds.partitioning(_SOURCE, flavor="hive"))

    def kept(self, columns: Sequence[str] = (), sources: Sequence[str] = ()) -> Iterator[pa.RecordBatch]:
        """Yields batches of the documents that the run keeps, of all or some sources, with `source` and these
        columns."""
        wanted = [name for name in dict.fromkeys(["id", *(columns or USUAL)]) if name != "source"]
        for item in candidates.candidates(self.path, list(sources) or self.sources):
            for batch in candidates.batches(self.path, item, wanted):
                if batch.num_rows:
                    yield batch.append_column("source", pa.repeat(item.source, batch.num_rows))

    def removed(self, by: str | None = None, columns: Sequence[str] = ()) -> Iterator[pa.RecordBatch]:
        """Yields batches of the documents that all rules or one rule removed, with `source` and `removed_by`."""
        wanted = [name for name in dict.fromkeys(["id", *(columns or USUAL)]) if name != "source"]
        for source in self.sources:
            for path, _ in files.match(f"{self.path}/{layout.documents_of(source)}"):
                verdicts = parquet.read(path.replace("/documents/", "/verdicts/"), ["removed_by"])
                reason = verdicts.column("removed_by").combine_chunks()
                is_gone = reason.is_valid() if by is None else pc.equal(reason, by).fill_null(False)
                rows = pc.indices_nonzero(is_gone).to_numpy()
                first = 0
                for batch in parquet.rows(path, wanted, rows.astype("int64")):
                    reasons = reason.take(pa.array(rows[first : first + batch.num_rows]))
                    first += batch.num_rows
                    named = batch.append_column("source", pa.repeat(source, batch.num_rows))
                    yield named.append_column("removed_by", reasons)

    def export(
        self, to: Path, *, format: str = "parquet", columns: Sequence[str] = (), sources: Sequence[str] = ()
    ) -> list[Exported]:
        """Write the documents that the run keeps as files of Parquet or JSON lines, with a card."""
        return export(self.path, fspath(to), Wanted(tuple(sources), tuple(columns), format))


USUAL = ("url", "title", "language", "text")
"""The default columns of `kept` and `removed`."""
_SOURCE = pa.schema([pa.field("source", pa.string())])


def plan(
    *,
    parameters: float | None = None,
    flops: float | None = None,
    tokens: float | None = None,
    output: Path | None = None,
) -> Plan:
    """Tell how many tokens a model needs; with an output, also how often its sources would be repeated.

    Give exactly one of `parameters`, `flops` and `tokens`.
    """
    given = {"parameters": parameters, "flops": flops, "tokens": tokens}
    asked = {name: value for name, value in given.items() if value is not None}
    if len(asked) != 1:
        raise ConfigurationError("give exactly one of parameters, flops and tokens")
    ((name, value),) = asked.items()
    return _plan(name, value, None if output is None else fspath(output))


def compare(output: Output | Path, other: Output | Path) -> Comparison:
    """Compare two finished runs: their settings and figures, and the documents that only one of them keeps."""
    paths = (one.path if isinstance(one, Output) else fspath(one) for one in (output, other))
    return _compare(*paths)
