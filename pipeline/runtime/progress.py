"""Shows the progress of a run: parts, bytes and documents done, MB/s, and the time left."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn

from massivetext.pipeline.runtime.live_funnel import FunnelProgress, LiveFunnel
from massivetext.pipeline.runtime.parts import Item, Record, Step, Then, finished_parts, read_record
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

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._say(f"[bold]{name}[/bold] finished in {time.monotonic() - began:.1f} s")

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
    def step(self, name: str) -> Iterator[None]:
        """Show the time of a step whose progress cannot be seen from outside."""
        if self.console.is_terminal:
            with self.console.status(name):
                yield
            return
        began = time.monotonic()
        with self._showing(
            lambda stop: self._lines(stop, lambda: f"{name}, {clock(time.monotonic() - began)}")
        ):
            yield

    @contextlib.contextmanager
    def parts(
        self,
        out: str,
        step: Step,
        items: Sequence[Item],
        size: Callable[[Any], int],
        then: Then | None = None,
    ) -> Iterator[None]:
        """Show the parts of a step, and the parts that follow on each, as their records appear."""
        watch = Watch(out, step, items, size, then)

        def line() -> str:
            watch.look()
            funnel = watch.funnel.describe()
            return f"{step.name}: {watch.describe()}" + (f"; {funnel}" if funnel else "")

        def show(stop: threading.Event) -> None:
            if self.console.is_terminal:
                self._bar(stop, step.name, watch)
            else:
                self._lines(stop, line)

        with self._showing(show):
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

    def _bar(self, stop: threading.Event, name: str, watch: "Watch") -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[done]}"),
            TimeElapsedColumn(),
        )
        with FunnelProgress(watch.funnel, *columns, console=self.console, transient=True) as progress:
            task = progress.add_task(name, total=watch.total, done="")
            while not stop.wait(watch.every):
                watch.look()
                progress.update(task, completed=watch.done, done=watch.describe())

    def _lines(self, stop: threading.Event, line: Callable[[], str]) -> None:
        while not stop.wait(max(0.0, self._last + self._line_every - time.monotonic())):
            self._say(line())


class Quiet(Display):
    """Shows only warnings."""

    def _say(self, line: str) -> None:
        """Print nothing."""

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:  # noqa: ARG002
        yield

    @contextlib.contextmanager
    def _showing(self, show: Callable[[threading.Event], None]) -> Iterator[None]:  # noqa: ARG002
        yield


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
