from massivetext.pipeline.read.formats import headers


def test_fields() -> None:
    lines = (
        b"WARC/1.0\r\nA: 1\r\na:2\r\nName : x\r\n y\r\nno field\r\nE: na\xefve\r\nF: na\xc3\xafve\r\nG:\r\n"
    )
    fields = headers.parse(lines)
    assert fields == {"a": ["1", "2"], "name": ["x y"], "e": ["naïve"], "f": ["naïve"], "g": [""]}
    assert headers.first(fields, "a") == "1"
    assert headers.first(fields, "g") is None
    assert headers.first(fields, "z") is None


def test_media_type() -> None:
    assert headers.media_type({"content-type": ["", " Text/HTML ; charset=x"]}) == "text/html"
    assert headers.media_type({}) == ""
