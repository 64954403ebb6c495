"""A proxy in front of a stand-in of an object store that breaks a share of the requests, at random but by a seed."""

import contextlib
import http.client
import random
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

FAULTS = ("503", "429", "reset", "reset after the work", "half a body")
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Proxy(ThreadingHTTPServer):
    """Hands requests on to `target`; of `share` of them, each with a fault in turn by chance."""

    daemon_threads = True

    def __init__(self, target: str, share: float, only: str, faults: Sequence[str], seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target, self.share, self.only, self.faults = urlsplit(target), share, only, faults
        self.counts: Counter[str] = Counter()
        self._chance, self._lock = random.Random(seed), threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def fault(self, request: str) -> str | None:
        """What is to go wrong with the next request."""
        with self._lock:
            self.counts["requests"] += 1
            if self.only not in request or self._chance.random() >= self.share:
                return None
            fault = self._chance.choice(self.faults)
            self.counts[fault] += 1
            return fault

    def handle_error(self, *_: Any) -> None:
        """Clients may hang up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def log_message(self, *_: Any) -> None:
        """Nothing: the servers behind log what they answer."""

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.fault(f"{self.command} {self.path}")
        if fault in ("503", "429"):
            self._answer(int(fault), [], b"")
        elif fault == "reset":
            self._hang_up()
        else:
            status, headers, data = self._asked(body)
            if fault == "reset after the work":
                self._hang_up()
            elif fault == "half a body" and len(data) > 1:
                self._answer(status, headers, data, sent=len(data) // 2)
                self._hang_up()
            else:
                self._answer(status, headers, data)

    def _asked(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        target = self.server.target
        assert target.hostname
        with contextlib.closing(http.client.HTTPConnection(target.hostname, target.port, timeout=60)) as way:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            way.request(self.command, self.path, body, headers | {"Content-Length": str(len(body))})
            answer = way.getresponse()
            return answer.status, answer.getheaders(), answer.read()

    def _answer(
        self, status: int, headers: list[tuple[str, str]], data: bytes, sent: int | None = None
    ) -> None:
        self.send_response_only(status)
        size = str(len(data))
        for name, value in headers:
            if self.command == "HEAD" and name.lower() == "content-length":
                size = value
            if name.lower() not in _HOP:
                self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", size)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data[:sent])

    def _hang_up(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(2)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_PATCH = _handle  # noqa: N815


@contextlib.contextmanager
def proxied(
    target: str, share: float, only: str = "", faults: Sequence[str] = FAULTS, seed: int = 0
) -> Iterator[Proxy]:
    """A proxy that is up; `only` requests that hold this break."""
    with Proxy(target, share, only, faults, seed) as proxy:
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()
