"""A server that answers one reader on this machine, and no other user and no other site.

It listens on the loopback interface alone. Every address begins with a random token that only the console shows, so
that no other user of the machine can ask. It refuses a request whose Host is another name (DNS rebinding) or whose
Origin is another site. The page may load nothing from elsewhere.
"""

import hmac
import secrets
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from massivetext.pipeline.config.load import ConfigError

BODY = 1 << 20  # the most bytes of a request
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

Answer = Callable[[dict[str, str], Any], object]
"""Takes a request's query and body, and returns the value to send as JSON. The reader sees its ConfigError or
ValueError."""


class Server(ThreadingHTTPServer):
    """Serves `page` at the root and `answers` by method and path, such as `GET documents`, all below one token."""

    daemon_threads = True

    def __init__(self, port: int, page: bytes, answers: dict[str, Answer]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.page, self.answers, self.token = page, answers, secrets.token_urlsafe(24)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/{self.token}/"

    @property
    def hosts(self) -> tuple[str, str]:
        return f"127.0.0.1:{self.server_port}", f"localhost:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "massivetext"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def _answer(self, method: str) -> None:
        path = self._path()
        if path is None:
            self._send(
                HTTPStatus.FORBIDDEN,
                b"this address has no valid token: open the address that the console shows\n",
                "text/plain",
            )
        elif (method, path) == ("GET", ""):
            self._send(HTTPStatus.OK, self.server.page, "text/html; charset=utf-8")
        elif (answer := self.server.answers.get(f"{method} {path}")) is None:
            self._json(HTTPStatus.NOT_FOUND, {"error": "there is no such address"})
        else:
            self._told(answer, method)

    def _path(self) -> str | None:
        """Returns the path after the token; None for a request without the token or from another site."""
        origin = self.headers.get("Origin")
        if self.headers.get("Host") not in self.server.hosts:
            return None
        if origin is not None and origin not in [f"http://{host}" for host in self.server.hosts]:
            return None
        token, _, rest = urlsplit(self.path).path.removeprefix("/").partition("/")
        given = token.encode("utf-8", "surrogateescape")
        return rest if hmac.compare_digest(given, self.server.token.encode()) else None

    def _told(self, answer: Answer, method: str) -> None:
        try:
            query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
            self._json(HTTPStatus.OK, answer(query, self._body() if method == "POST" else None))
        except (ConfigError, ValueError, TypeError, KeyError) as error:
            self._json(HTTPStatus.BAD_REQUEST, {"error": str(error)})

    def _body(self) -> Any:
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > BODY:
            self.close_connection = True
            raise ValueError(f"expected a request of at most {BODY:,} bytes, with a Content-Length")
        if self.headers.get_content_type() != "application/json":
            self.close_connection = True
            raise ValueError("expected a request of type application/json")
        body = orjson.loads(self.rfile.read(int(length)))
        if not isinstance(body, dict):
            raise ValueError("expected a JSON object as the request")
        return body

    def _json(self, status: HTTPStatus, value: object) -> None:
        self._send(status, orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY), "application/json")

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing, since the paths of requests hold the token."""
