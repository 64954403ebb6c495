"""One extractor over pages: python extract_run.py NAME PAGES.json ROUNDS; prints [texts, CPU seconds] as JSON.

Runs in the environment of a peer too, so it imports nothing else of this project at its top.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

TRAFILATURA: dict[str, dict[str, bool]] = {
    "trafilatura (fast)": {"fast": True},
    "trafilatura (precision)": {"favor_precision": True},
    "trafilatura (recall)": {"favor_recall": True},
    "trafilatura (comments)": {"include_comments": True},
}


def extractor(name: str) -> Callable[[str], str]:
    """The function from HTML to main text. It leaves out comments, which are not main text, if that is an option."""
    if name == "ours":
        from massivetext.pipeline.read.formats.html import extract

        return lambda html: extract(html).text
    if name.startswith("trafilatura"):
        import trafilatura

        options = {"include_comments": False} | TRAFILATURA.get(name, {})
        return lambda html: trafilatura.extract(html, **options) or ""
    if name == "rs-trafilatura":
        import rs_trafilatura

        return lambda html: rs_trafilatura.extract(html).main_content or ""
    from resiliparse.extract.html2text import extract_plain_text

    if name == "resiliparse":
        return lambda html: extract_plain_text(html, main_content=True, preserve_formatting=True)
    from readability import Document

    def readability(html: str) -> str:
        try:
            return extract_plain_text(Document(html).summary(html_partial=True), preserve_formatting=True)
        except Exception:  # it raises on pages without text
            return ""

    return readability


def main() -> None:
    """Time all pages, after a few pages to warm up; the time is the median of the rounds."""
    extract = extractor(sys.argv[1])
    pages = json.loads(Path(sys.argv[2]).read_text())
    for page in pages[:10]:
        extract(page)
    times = []
    for _ in range(int(sys.argv[3])):
        start = time.process_time()
        texts = [extract(page) for page in pages]
        times.append(time.process_time() - start)
    json.dump([texts, median(times)], sys.stdout)


if __name__ == "__main__":
    main()
