"""What a person sees while a run works: parts and documents done, MB/s, time left."""

import contextlib
import posixpath
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from pipeline import files, layout
from pipeline.live_funnel import FunnelProgress, LiveFunnel
from pipeline.parts import Item, key_of, read_record

_LINE_EVERY = 30.0  # seconds, where the output is no terminal
_LOOK_EVERY = 0.5
_ASK_STORE_EVERY = 10.0  # an object store is asked for a listing each time


class Display:
    """Progress on a terminal; a line now and then elsewhere. It reads the parts' records, so that it is
    the same for every runner."""

    def __init__(self, console: Console) -> None:
        self.console = console

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._say(f"[bold]{name}[/bold] finished in {time.monotonic() - began:.1f} s")

    def _say(self, line: str) -> None:
        self.console.print(line, soft_wrap=True)

    def warn(self, message: str) -> None:
        self._say(f"[yellow]warning:[/yellow] {message}")

    def skipped(self, name: str) -> None:
        self._say(f"[dim]{name} is finished already[/dim]")

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """A step whose progress cannot be seen from outside."""
        if not self.console.is_terminal:
            yield
            return
        with self.console.status(name):
            yield

    @contextlib.contextmanager
    def parts(
        self, out: str, step: str, stage_key: str, items: Sequence[Item], size: Callable[[Any], int]
    ) -> Iterator[None]:
        """Show the parts of a step as their records appear."""
        watch = _Watch(out, step, stage_key, items, size)
        show = self._bar if self.console.is_terminal else self._lines
        stop = threading.Event()
        thread = threading.Thread(target=show, args=(watch, stop), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _bar(self, watch: "_Watch", stop: threading.Event) -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[done]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with FunnelProgress(watch.funnel, *columns, console=self.console, transient=True) as progress:
            task = progress.add_task(watch.step, total=watch.total, done="")
            while not stop.wait(watch.every):
                watch.look()
                progress.update(task, completed=watch.done, done=watch.describe())

    def _lines(self, watch: "_Watch", stop: threading.Event) -> None:
        while not stop.wait(_LINE_EVERY):
            watch.look()
            self._say(f"{watch.step}: {watch.describe()}, {watch.time_left()}")
            if funnel := watch.funnel.describe():
                self._say(f"  {funnel}")


class _Watch:
    """Which parts of a step are finished, and what they counted."""

    def __init__(
        self, out: str, step: str, stage_key: str, items: Sequence[Item], size: Callable[[Any], int]
    ) -> None:
        self.step = step
        self._out = out
        self.every = _ASK_STORE_EVERY if files.is_remote(out) else _LOOK_EVERY  # seconds
        self.funnel = LiveFunnel()
        self._rest = {item.part: (key_of(stage_key, item), size(item)) for item in items}
        self._parts = len(items)
        self._began = time.monotonic()
        self.total = sum(size for _, size in self._rest.values()) or self._parts
        self.done = 0
        self._documents = 0
        self._bytes = 0
        self._by_size = any(size for _, size in self._rest.values())
        self.look()
        self._done_before = self.done

    def look(self) -> None:
        for path, _ in files.match(posixpath.join(self._out, layout.work(self.step, "part-*.json"))):
            part = layout.part_of(path)
            key, size = self._rest.get(part, ("", 0))
            record = read_record(self._out, self.step, part) if key else None
            if record is None or record.key != key:
                continue
            del self._rest[part]
            self.done += size if self._by_size else 1
            self.funnel.add(record.rows)
            for row in record.rows:
                if row.figure == "read":
                    self._documents += row.documents
                    self._bytes += row.bytes

    def describe(self) -> str:
        parts = f"{self._parts - len(self._rest)}/{self._parts} parts"
        if not self._documents:
            return parts
        speed = self._bytes / 1e6 / max(time.monotonic() - self._began, 1e-3)
        return f"{parts}, {self._documents:,} documents, {speed:.1f} MB/s"

    def time_left(self) -> str:
        since = self.done - self._done_before
        if not since:
            return "time left unknown"
        seconds = (time.monotonic() - self._began) / since * (self.total - self.done)
        return f"about {seconds:.0f} s left"
