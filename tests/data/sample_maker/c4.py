"""c4/: short texts in the layout of C4."""

import json
from collections.abc import Iterator

from sample_maker.files import DATE, gz, write
from sample_maker.pages import Pages, by_hash, text_of
from sample_maker.similar import expect, jaccard, revise


def c4(pages: Pages) -> None:
    """Two files in the layout of C4, the second with lines that cannot be read."""
    texts = []
    for site, start, stop in (("postgresql", 200, 460), ("sqlite", 120, 170)):
        for url, body in pages.take(site, start, stop):
            lines = [line.strip() for line in text_of(body).split("\n")]
            text = "\n".join(line for line in lines if len(line.split()) >= 5 and line[-1] in '.!?"')  # as C4
            if 1_000 < len(text) < 8_000:
                texts.append((url.replace(".example/", ".example/c4/"), text))
    texts.sort(key=lambda pair: by_hash(pair[0]))
    half = len(texts) // 2
    first = [c4_line(*pair) for pair in texts[:half]]
    longest = sorted(texts[:half], key=lambda pair: -len(pair[1]))
    (url_a, a), (url_b, b), (url_c, c) = longest[:3]
    first.append(c4_line(f"{url_a}?exact=1", a))
    first.append(c4_line(f"{url_a}?exact=spaces", a.replace("\n", "\n\n  ")))
    near = revise(b, ". ", 2)
    expect(0.8, jaccard(b, near), 0.99)
    first.append(c4_line(f"{url_b}?near=1", near))
    first += chain(url_c, c)
    write("c4/c4-00.json.gz", gz("".join(first).encode()))
    second = [c4_line(*pair).encode() for pair in texts[half:]]
    url, page = pages.named("sqlite", "atomiccommit.html")
    second.append(c4_line(f"{url}?copy-of-a-web-page", text_of(page)).encode())
    url, page = pages.translated("de", "bind.html")
    second.append(c4_line(url, text_of(page)).encode())
    second[5:5] = [
        b'{"url": "https://bytes.example/", "text": "A line with bytes \xff\xfe\xfa that are no UTF-8."}\n'
    ]
    second[9:9] = [b'{"url": "https://json.example/", "text": "A line that breaks off before its end\n']
    write("c4/c4-01.json", b"".join(second))


def chain(url: str, text: str) -> Iterator[str]:
    """Three revisions: each a near duplicate of the next, the first and the last not of each other."""
    for additions in range(1, 9):
        middle = revise(text, ". ", additions)
        last = revise(middle, ", ", additions, first=6)
        steps = jaccard(text, middle), jaccard(middle, last), jaccard(text, last)
        if min(steps[:2]) > 0.8 > steps[2]:
            yield c4_line(f"{url}?chain=1", middle)
            yield c4_line(f"{url}?chain=2", last)
            return
    raise SystemExit("no chain could be made")


def c4_line(url: str, text: str) -> str:
    return json.dumps({"text": text, "timestamp": DATE, "url": url}, ensure_ascii=False) + "\n"
