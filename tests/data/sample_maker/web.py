"""web/: the crawl."""

import io
import re
import uuid
from collections.abc import Callable, Iterable, Iterator

from fastwarc.warc import WarcRecord, WarcRecordType
from sample_maker.files import DATE, gz, write, zst
from sample_maker.own import special_pages
from sample_maker.pages import Pages, by_hash, text_of
from sample_maker.similar import expect, jaccard, revise

# A grey picture of one pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63680000008200817736cd9f0000000049454e44ae426082"
)


def record(
    url: str,
    body: bytes,
    content_type: str = "text/html; charset=utf-8",
    status: str = "200 OK",
    *headers: str,
) -> bytes:
    """A WARC response record, uncompressed."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {content_type}", *headers]).encode()
    return warc(WarcRecordType.response, "application/http; msgtype=response", head + b"\r\n\r\n" + body, url)


def warc(kind: WarcRecordType, content_type: str, content: bytes, url: str = "") -> bytes:
    """A WARC record of any type, with an id and a date that depend on nothing but its URL and type."""
    made = WarcRecord()
    made.init_headers(kind, f"uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{kind} {url}')}".encode())
    made.headers["WARC-Date"] = DATE
    made.headers["Content-Type"] = content_type
    if url:
        made.headers["WARC-Target-URI"] = url
    made.set_bytes_content(content)
    out = io.BytesIO()
    made.write(out, checksum_data=True)
    return out.getvalue()


def write_warc(path: str, records: Iterable[bytes], compress: Callable[[bytes], bytes] = bytes) -> None:
    """One member (gzip) or frame (zstd) a record, as crawls have it."""
    info = b"software: tests/data/make_sample.py\r\nformat: WARC File Format 1.1\r\n"
    first = warc(WarcRecordType.warcinfo, "application/warc-fields", info, "")
    write(path, b"".join(compress(r) for r in (first, *records)))


def web(pages: Pages) -> None:
    """The crawl: six WARC files and a WET file, three of them damaged, and a file that is none."""
    counts = {"apache": 200, "postgresql": 170, "python": 30, "sqlite": 110}
    main = [page for site, count in counts.items() for page in pages.take(site, 0, count)]
    main.sort(key=lambda page: by_hash(page[0]))
    records = [record(url, body) for url, body in main]
    records[10:10] = other_records(pages)
    write_warc("web/crawl-00.warc.gz", records, gz)
    write_warc("web/crawl-01.warc.zst", [*duplicates(pages), *languages(pages)], zst)
    write_warc("web/special.warc", [record(url, body.encode()) for url, body in special_pages()])
    damaged(pages)
    conversions = [
        warc(WarcRecordType.conversion, "text/plain", text_of(body).encode(), url)
        for url, body in pages.take("postgresql", 170, 178)
    ]
    write_warc("web/crawl-02.warc.wet.gz", conversions, gz)


def other_records(pages: Pages) -> Iterator[bytes]:
    """What a crawl holds besides plain HTML answers: requests, errors, other types, transfer codings."""
    url, body = pages.named("sqlite", "whentouse.html")
    yield warc(WarcRecordType.request, "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n", url)
    yield record(
        "https://sqlite.example/gone.html", b"<html><p>Not found.</p></html>", status="404 Not Found"
    )
    yield record("https://sqlite.example/robots.txt", b"User-agent: *\nDisallow: /search\n", "text/plain")
    yield record("https://sqlite.example/dot.png", PNG, "image/png")
    chunked = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (4000, body[:4000], len(body) - 4000, body[4000:])
    yield record(f"{url}?coding=chunked", chunked, "text/html", "200 OK", "Transfer-Encoding: chunked")
    url, body = pages.named("sqlite", "famous.html")
    yield record(f"{url}?coding=gzip", gz(body), "text/html", "200 OK", "Content-Encoding: gzip")


def duplicates(pages: Pages) -> Iterator[bytes]:
    """Copies and revisions of pages; the URL's query says which."""
    for name in ("atomiccommit.html", "whyc.html"):
        url, body = pages.named("sqlite", name)
        yield record(f"{url}?original", body)
        yield record(f"{url}?exact=1", body)
    yield record(f"{url}?exact=2", body)
    for name in ("howtocorrupt.html", "quirks.html"):
        url, body = pages.named("sqlite", name)
        revised = revise(body.decode(), "</p>", 6).encode()
        expect(0.8, jaccard(text_of(body), text_of(revised)), 0.99)
        yield record(f"{url}?original", body)
        yield record(f"{url}?near=1", revised)
    url, body = pages.named("sqlite", "arch.html")
    far = revise(body.decode(), "</p>", 12)
    expect(0.5, jaccard(text_of(body), text_of(far.encode())), 0.8)
    yield record(f"{url}?original", body)
    yield record(f"{url}?similar=1", far.encode())


def languages(pages: Pages) -> Iterator[bytes]:
    """Pages in other languages and in other character sets."""
    for language in ("de", "fr", "ja", "ko", "pt-br", "tr"):
        for name in ("install.html", "bind.html", "invoking.html"):
            yield record(*pages.translated(language, name), "text/html")  # the page names its charset
    url, body = pages.translated("fr", "glossary.html")
    yield record(f"{url}?charset=iso-8859-1", recode(body, "iso-8859-1"), "text/html; charset=ISO-8859-1")
    url, body = pages.translated("ja", "logs.html")
    yield record(f"{url}?charset=euc-jp", recode(body, "euc-jp", "EUC-JP"), "text/html")
    url, body = pages.named("python", "tutorial/appetite.html")
    yield record(f"{url}?charset=windows-1252", recode(body, "cp1252"), "text/html; charset=windows-1252")


def recode(page: bytes, encoding: str, meta: str = "") -> bytes:
    """The page in another encoding; the one named in the page is replaced by `meta`, or taken out."""
    text = page.decode()
    text = re.sub(r"<meta[^>]*charset=[^>]*>", f'<meta charset="{meta}">' if meta else "", text, flags=re.I)
    return text.encode(encoding, "xmlcharrefreplace")


def damaged(pages: Pages) -> None:
    """A file that breaks off, one with a bad member, and one that is no WARC at all."""
    good = [gz(record(url, body)) for url, body in pages.take("sqlite", 110, 120)]
    write("web/truncated.warc.gz", b"".join(good[:4]) + good[4][: len(good[4]) // 2])
    middle = len(good[7]) // 2
    bad = good[7][:middle] + bytes(64) + good[7][middle + 64 :]
    write("web/broken-member.warc.gz", b"".join([*good[5:7], bad, *good[8:10]]))
    write("web/picture.warc.gz", PNG)
