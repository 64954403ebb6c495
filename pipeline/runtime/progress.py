"""Shows the progress of a run: parts, bytes and documents done, MB/s, and the time left."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from massivetext.pipeline.runtime.live_funnel import FunnelProgress, LiveFunnel
from massivetext.pipeline.runtime.parts import Item, Record, Step, Then, finished_parts, read_record
from massivetext.pipeline.runtime.steps import AStep, Planned, Worked, known
from massivetext.pipeline.runtime.tally import Figure
from massivetext.pipeline.storage import files

_LOOK_EVERY = 0.5
_ASK_STORE_EVERY = 10.0  # seconds; each look lists files in the object store
_REST = 20  # after a look, at least so many times the time that it took: many parts are listed less often


class Display:
    """Shows progress on a terminal. Elsewhere it prints a line if it has printed nothing for `line_every` seconds.

    It reads the records of parts, so it works with every runner.
    """

    def __init__(self, console: Console, line_every: float = 30.0) -> None:
        self.console = console
        self._line_every = line_every
        self._last = time.monotonic()

    def finished(self, name: str, seconds: float) -> None:
        self._say(f"[bold]{name}[/bold] finished in {seconds:.1f} s")

    def _say(self, line: str) -> None:
        self._last = time.monotonic()
        self.console.print(line, soft_wrap=True)

    def warn(self, message: str) -> None:
        self.console.print(f"[yellow]warning:[/yellow] {escape(message)}", soft_wrap=True)

    def say(self, message: str) -> None:
        """Print a message that is neither progress nor a warning."""
        self._say(escape(message))

    def note(self, message: str) -> None:
        self._say(f"[dim]{escape(message)}[/dim]")

    def skipped(self, name: str) -> None:
        self._say(f"[dim]{name} is finished already[/dim]")

    def changed(self, what: str) -> None:
        self._say(f"changed: {escape(what)}")

    def again(self, name: str, why: str) -> None:
        self._say(f"[bold]{name}[/bold] runs again: {escape(why)}")

    @contextlib.contextmanager
    def steps(self, out: str, name: str, steps: Sequence[AStep]) -> Iterator[None]:
        """Show the steps of a pipeline, one after the other: the parts of each as their records appear. Of steps
        without parts the time is shown."""
        watches = Watches(out, name, steps)
        show = self._bar if self.console.is_terminal else self._lines
        with self._showing(lambda stop: show(stop, watches)):
            yield

    @contextlib.contextmanager
    def _showing(self, show: Callable[[threading.Event], None]) -> Iterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=show, args=(stop,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _bar(self, stop: threading.Event, watches: "Watches") -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[done]}"),
            TimeElapsedColumn(),
        )
        with FunnelProgress(watches, *columns, console=self.console, transient=True) as progress:
            task = progress.add_task(watches.name, total=None, done="")
            while not stop.wait(watches.every):
                watch = watches.look()
                total, done, said = (watch.total, watch.done, watch.describe()) if watch else (None, 0, "")
                progress.update(task, description=watches.name, total=total, completed=done, done=said)

    def _lines(self, stop: threading.Event, watches: "Watches") -> None:
        while not stop.wait(max(0.0, self._last + self._line_every - time.monotonic())):
            watches.look()
            self._say(watches.describe())


class Quiet(Display):
    """Shows only warnings."""

    def _say(self, line: str) -> None:
        """Print nothing."""

    @contextlib.contextmanager
    def _showing(self, show: Callable[[threading.Event], None]) -> Iterator[None]:  # noqa: ARG002
        yield


class Watches:
    """Watches the steps of a pipeline, of which each begins when the one before has ended."""

    def __init__(self, out: str, name: str, steps: Sequence[AStep]) -> None:
        self._out, self.name = out, name
        self._rest = [step for step in steps if isinstance(step, Worked | Planned)]
        self._watch: Watch | None = None
        self._began = time.monotonic()

    @property
    def every(self) -> float:
        return self._watch.every if self._watch else _LOOK_EVERY

    def look(self) -> "Watch | None":
        """Look at the step that is worked on, and return its watch; None if no step with parts has begun."""
        if self._watch:
            self._watch.look()
        while self._rest and (self._watch is None or self._watch.is_over):
            with contextlib.suppress(Exception):  # what it needs is not there, which the pipeline will say
                step = known(self._rest[0])
                self._watch = Watch(self._out, step.step, step.items, step.size, step.then)
                self.name = step.name
            del self._rest[0]
        return self._watch

    def describe(self) -> str:
        """Returns a line such as `curate: 3 of 12 parts, ...; of 1,200 read: kept 1,100`."""
        if self._watch is None:
            return f"{self.name}, {clock(time.monotonic() - self._began)}"
        funnel = self._watch.funnel.describe()
        return f"{self.name}: {self._watch.describe()}" + (f"; {funnel}" if funnel else "")

    def __rich__(self) -> Text | str:
        return self._watch.funnel.__rich__() if self._watch else ""


class Watch:
    """Watches which parts of a step are finished. `size` is a part's bytes; if all are 0, parts are counted."""

    def __init__(
        self,
        out: str,
        step: Step,
        items: Sequence[Item],
        size: Callable[[Any], int],
        then: Then | None = None,
    ) -> None:
        self._step, self._then = step, then
        self._out = out
        self.every = self._least = _ASK_STORE_EVERY if files.is_remote(out) else _LOOK_EVERY  # seconds
        self.funnel = LiveFunnel()
        self._rest = {item.part: item for item in items}
        self._parts = len(items)
        self._in_bytes = any(map(size, items))
        self._size = size if self._in_bytes else lambda _: 1
        self._documents = 0
        self.total = sum(map(self._size, items))
        self.done = 0
        self.look()
        self._began = time.monotonic()
        self._before = self.done  # finished by an earlier run, so they do not count for the speed

    def look(self) -> None:
        """Count the parts that were finished since the last look."""
        began = time.monotonic()
        for part in finished_parts(self._out, self._step.name) & self._rest.keys():
            found = self._records(self._rest[part])
            if found is None:
                continue
            self.done += self._size(self._rest.pop(part))
            for record in found:
                self.funnel.add(record.rows)
                self._documents += sum(row.documents for row in record.rows if row.figure == Figure.READ)
        self.every = max(self._least, _REST * (time.monotonic() - began))

    def _records(self, item: Item) -> list[Record] | None:
        """Returns the records of an item and of the parts that follow on it; None if one is missing or to be
        replaced."""
        record = read_record(self._out, self._step.name, item.part)
        if record is None or record.key != self._step.key(item):
            return None
        found = [record]
        for step, after in self._then(item, record) if self._then else ():
            record = read_record(self._out, step.name, after.part)
            if record is None or record.key != step.key(after):
                return None
            found.append(record)
        return found

    @property
    def is_over(self) -> bool:
        """Whether all parts are finished."""
        return not self._rest

    def describe(self) -> str:
        """Returns a line such as `3 of 12 parts, 96 of 384 MB, 41,034 documents, 12.3 MB/s, about 0:24 left`."""
        elapsed, since = time.monotonic() - self._began, self.done - self._before
        said = [f"{self._parts - len(self._rest)} of {self._parts} parts"]
        if self._in_bytes:
            said.append(f"{self.done / 1e6:,.0f} of {self.total / 1e6:,.0f} MB")
        if self._documents:
            said.append(f"{self._documents:,} documents")
        if since and self._in_bytes:
            said.append(f"{since / 1e6 / max(elapsed, 1e-3):.1f} MB/s")
        left = f"about {clock(elapsed / since * (self.total - self.done))}" if since else "unknown time"
        return ", ".join([*said, f"{left} left"])


def clock(seconds: float) -> str:
    """Formats seconds as `0:24` or `1:00:00`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
