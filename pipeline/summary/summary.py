"""Writes OUT/summary/: the public summary, Croissant metadata, and the data set's card."""

import csv
import io
import posixpath

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.summary.card import card
from massivetext.pipeline.summary.croissant import croissant
from massivetext.pipeline.summary.gathered import gather
from massivetext.pipeline.summary.public import TOP, sections
from massivetext.pipeline.summary.render import markdown, page

FOLDER = "summary"


def summary(out: str, name: str, url: str, licence: str) -> str:
    """Write the summary of a finished run. Returns a line with its path and the number of fields to be answered."""
    state = manifest.opened(out)
    path = posixpath.join(out, layout.STATS)
    if not files.exists(path):
        raise ConfigError(f"{out}: holds no finished run of massivetext ({layout.STATS} is missing)")
    stats = Stats.model_validate_json(files.read_bytes(path))
    config = state.asked
    found = gather(out, config)
    parts = sections(stats, found)
    written = {
        "summary.md": markdown(parts, stats.fingerprint).encode(),
        "summary.html": page(parts, stats.fingerprint).encode(),
        "domains.csv": _csv(found.largest(TOP)),
        "croissant.json": croissant(stats, config, name, url, licence),
        "README.md": card(stats, found, name, licence).encode(),
    }
    for file, data in written.items():
        files.write_bytes(out, f"{FOLDER}/{file}", data)
    left = sum(entry.answer is None for section in parts for entry in section.entries)
    return f"{posixpath.join(out, FOLDER, 'summary.html')}: a person must answer {left} fields"


def _csv(domains: list[tuple[str, int]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["domain", "bytes"])
    writer.writerows(domains)
    return text.getvalue().encode()
