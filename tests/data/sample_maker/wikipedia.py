"""wikipedia/: a dump cut to whole pages."""

import bz2
import re
from pathlib import Path

from sample_maker.files import write

TALK = """  <page>
    <title>Talk:Albedo</title>
    <ns>1</ns>
    <id>900000001</id>
    <revision>
      <id>1</id>
      <timestamp>2026-01-01T00:00:00Z</timestamp>
      <text xml:space="preserve">A talk page, made for this sample: no article.</text>
    </revision>
  </page>
"""


def wikipedia(downloads: Path) -> None:
    """A dump cut to whole pages: short articles, redirects, a project page and a talk page."""
    [dump] = (downloads / "gensim").rglob("enwiki-latest-pages-articles1*-shortened.bz2")
    xml = bz2.decompress(dump.read_bytes()).decode()
    head = xml[: xml.index("  <page>")]
    pages = re.findall(r"  <page>.*?</page>\n", xml, flags=re.S)
    redirects = [page for page in pages if "<redirect " in page]
    project = [page for page in pages if "<ns>4</ns>" in page]
    articles = [page for page in pages if "<redirect " not in page and len(page) < 42_000]
    chosen = set(redirects[:15]) | set(project) | set(articles[:60])
    body = "".join(page for page in pages if page in chosen)
    write("wikipedia/enwiki-pages.xml.bz2", bz2.compress(f"{head}{body}{TALK}</mediawiki>\n".encode()))
