"""Web servers for tests. A test sets how one answers: with files, by ranges or not, and with faults."""

import contextlib
import hashlib
import json
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """An answer that is sent instead of a file's bytes."""

    status: int
    headers: dict[str, str] = {}  # noqa: RUF012
    body: bytes = b""
    sent: int | None = None  # the connection is closed after so many bytes of the body


class Server:
    """Serves `files` by their paths. Each of `faults` is called first; if it returns an answer for a request, that is
    sent.

    `asked` has the requests: path, Range and the other headers.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: list[Callable[[str, dict[str, str]], Answer | None]] = []
        self.asked: list[tuple[str, str]] = []
        self.has_ranges = True
        self.url = ""

    def once(self, answer: Answer, path: str | None = None) -> None:
        """Give this answer to the next request (for a path), and not again."""
        waiting = [answer]

        def fault(asked: str, _: dict[str, str]) -> Answer | None:
            return waiting.pop() if waiting and path in (None, asked) else None

        self.faults.append(fault)

    def always(self, answer: Answer, path: str) -> None:
        self.faults.append(lambda asked, _: answer if asked == path else None)

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        self.asked.append((path, headers.get("Range", "")))
        for fault in self.faults:
            if told := fault(path, headers):
                return told
        if path not in self.files:
            return Answer(404)
        return self.ranged(self.files[path], headers)

    def ranged(self, data: bytes, headers: dict[str, str]) -> Answer:
        tag = {"ETag": f'"{hashlib.md5(data).hexdigest()}"'}
        asked = headers.get("Range")
        if not asked or not self.has_ranges:
            return Answer(200, tag, data)
        start, end = (int(each) for each in asked.removeprefix("bytes=").split("-"))
        if start >= len(data):
            return Answer(416, {**tag, "Content-Range": f"bytes */{len(data)}"})
        end = min(end, len(data) - 1)
        return Answer(
            206, {**tag, "Content-Range": f"bytes {start}-{end}/{len(data)}"}, data[start : end + 1]
        )


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            told = server.answer(self.path, dict(self.headers))
            self.send_response(told.status)
            length = {} if "Transfer-Encoding" in told.headers else {"Content-Length": str(len(told.body))}
            for name, value in {**length, **told.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(told.body[: told.sent])
            if told.sent is not None:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_port}"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


class Hub:
    """Answers like the Hugging Face hub, for one private dataset and one bucket: `files` by commit, `bucket` by
    path."""

    TOKEN = "hf_of_a_test"

    def __init__(self, server: Server) -> None:
        self.files: dict[str, dict[str, bytes]] = {"c1": {}}
        self.refs = {"main": "c1"}
        self.bucket: dict[str, bytes] = {}
        server.faults.append(self._answer)
        self._server = server

    def _answer(self, path: str, headers: dict[str, str]) -> Answer | None:
        path = urllib.parse.unquote(path.partition("?")[0])
        sent = {name.lower(): value for name, value in headers.items()}
        if sent.get("authorization") != f"Bearer {self.TOKEN}":
            return Answer(401, {"X-Error-Message": "Invalid credentials in Authorization header"})
        parts = path.strip("/").split("/")
        match parts:
            case ["api", "datasets", "o", "d", *rest]:
                revision = "/".join(rest[1:]) if rest[:1] == ["revision"] else "main"
                if rest[:1] == ["tree"]:
                    return self._tree(self.files.get(rest[1], {}), "/".join(rest[2:]))
                if revision not in self.refs and revision not in self.files:
                    return Answer(404, {"X-Error-Code": "RevisionNotFound"})
                sha = self.refs.get(revision, revision)
                return _json({"id": "o/d", "sha": sha, "siblings": [], "tags": [], "private": True})
            case ["api", "buckets", "o", "b", "tree", *rest]:
                return self._tree(self.bucket, "/".join(rest))
            case ["datasets", "o", "d", "resolve", commit, *rest]:
                return self._file(self.files.get(self.refs.get(commit, commit), {}), "/".join(rest), headers)
            case ["buckets", "o", "b", "resolve", *rest]:
                return self._file(self.bucket, "/".join(rest), headers)
        return Answer(401, {"X-Error-Code": "RepoNotFound"})

    def _tree(self, files: dict[str, bytes], folder: str) -> Answer:
        found = [
            {
                "type": "file",
                "path": path,
                "size": len(data),
                "oid": hashlib.sha1(data).hexdigest(),
                "xetHash": None,
            }
            for path, data in files.items()
            if path.startswith(f"{folder}/" if folder else "")
        ]
        return _json(found) if found or not folder else Answer(404, {"X-Error-Code": "EntryNotFound"})

    def _file(self, files: dict[str, bytes], path: str, headers: dict[str, str]) -> Answer:
        return self._server.ranged(files[path], headers) if path in files else Answer(404)


def _json(value: object) -> Answer:
    return Answer(200, {"Content-Type": "application/json"}, json.dumps(value).encode())
