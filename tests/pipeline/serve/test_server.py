"""Who gets an answer: the reader at this machine with the token, and nobody else."""

import http.client
import json
import threading
from collections.abc import Iterator

import pytest

from massivetext.pipeline.serve.server import BODY, HEADERS, Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    def fails(query: dict[str, str], _: object) -> object:
        raise ValueError(f"no {query['what']}")

    answers = {"GET echo": lambda query, _: query, "POST echo": lambda _, body: body, "GET fails": fails}
    with Server(0, b"<p>the page</p>", answers) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def asked(
    server: Server, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named)
    response = connection.getresponse()
    return response.status, response.read().decode(), dict(response.getheaders())


def test_the_page_and_its_answers(server: Server) -> None:
    status, text, headers = asked(server, f"/{server.token}/")
    assert (status, text) == (200, "<p>the page</p>")
    assert HEADERS.items() <= headers.items()
    status, text, _ = asked(server, f"/{server.token}/echo?a=1%20%C3%A4&b=")
    assert (status, json.loads(text)) == (200, {"a": "1 ä", "b": ""})
    status, text, _ = asked(
        server, f"/{server.token}/echo", "POST", b'{"x": [1]}', Content_Type="application/json"
    )
    assert (status, json.loads(text)) == (200, {"x": [1]})


def test_it_listens_on_this_machine_alone(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert server.address.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {}),
        ("/wrong/", {}),
        ("/{token}x/", {}),
        ("/%2e%2e/{token}/", {}),
        ("/{token}/", {"Host": "evil.example"}),
        ("/{token}/", {"Host": "evil.example:{port}"}),
        ("/{token}/", {"Origin": "https://evil.example"}),
        ("/{token}/", {"Origin": "null"}),
        ("/{token}/", {"Origin": "http://127.0.0.1:1"}),
        ("/{token}/echo", {"Origin": "http://localhost.evil.example:{port}"}),
    ],
)
def test_others_get_nothing(server: Server, path: str, headers: dict[str, str]) -> None:
    given = {name: value.format(port=server.server_port) for name, value in headers.items()}
    status, text, _ = asked(server, path.format(token=server.token), **given)
    assert status == 403
    assert "the page" not in text
    assert server.token not in text


def test_the_page_itself_is_no_other_origin(server: Server) -> None:
    for host in server.hosts:
        status, _, _ = asked(server, f"/{server.token}/echo", Host=host, Origin=f"http://{host}")
        assert status == 200


def test_what_is_asked_wrongly_is_told(server: Server) -> None:
    base = f"/{server.token}"
    assert asked(server, f"{base}/nothing")[0] == 404
    assert asked(server, f"{base}/../../etc/passwd")[0] == 404
    status, text, _ = asked(server, f"{base}/fails?what=luck")
    assert (status, json.loads(text)) == (400, {"error": "no luck"})
    json_type = {"Content_Type": "application/json"}
    for body in (b"{", b"[1]", b"", b"\xff"):
        assert asked(server, f"{base}/echo", "POST", body, **json_type)[0] == 400
    assert asked(server, f"{base}/echo", "POST", b"{}", Content_Type="text/plain")[0] == 400
    assert asked(server, f"{base}/echo", "POST", b"{}", Content_Length=str(BODY + 1), **json_type)[0] == 400
    assert asked(server, f"{base}/echo", "DELETE")[0] == 501


def test_two_servers_have_two_tokens(server: Server) -> None:
    with Server(0, b"", {}) as other:
        assert other.token != server.token
        assert len(other.token) >= 32
