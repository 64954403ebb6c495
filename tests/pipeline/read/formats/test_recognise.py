"""What a file is, where its first bytes might mislead."""

import pytest

from massivetext.pipeline.read.formats import recognise
from massivetext.pipeline.read.formats.recognise import Format, of_head


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"% a paper\n\\documentclass{article}\n\\begin{document}\n{[} Top {]}\n", recognise.LATEX),
        (b"Some prose.\n{as a set}\n", recognise.TEXT),
        (b'broken line\n{"text": "a"}\n', recognise.JSON_LINES),
        (b'{bad\n{"text": "a"}\n', recognise.JSON_LINES),
        (b'org,example)/ 20240101000000 {"filename": "a"}\n', recognise.CRAWL_INDEX),
        (b"\xef\xbb\xbf \n", recognise.EMPTY),
        (b"ORCHIDS\n", recognise.TEXT),
    ],
)
def test_formats(head: bytes, expected: Format) -> None:
    assert of_head(head, "a") is expected
