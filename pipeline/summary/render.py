"""Writes the public summary as Markdown and as one HTML page."""

import html
from collections.abc import Sequence

from massivetext.pipeline.summary.public import TO_ANSWER, Section

TITLE = "Public summary of training content"
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;"
    "background:#fff}table{border-collapse:collapse;width:100%}th{width:14rem}.open{background:#fff3cd}"
    "th,td{border:1px solid #777;padding:.4rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
)


def markdown(sections: Sequence[Section], fingerprint: str) -> str:
    lines = [f"# {TITLE}", "", _head(sections, fingerprint), ""]
    for section in sections:
        lines += [f"## {section.title}", ""]
        for entry in section.entries:
            text = f"**{entry.text}**" if entry.answer is None else entry.text
            lines += [f"**{entry.number} {entry.name}.** {_plain(text)}", ""]
    return "\n".join(lines)


def page(sections: Sequence[Section], fingerprint: str) -> str:
    rows = []
    for section in sections:
        rows.append(f"<h2>{html.escape(section.title)}</h2>\n<table>")
        for entry in section.entries:
            open_ = ' class="open"' if entry.answer is None else ""
            name = html.escape(f"{entry.number} {entry.name}")
            rows.append(f'<tr><th scope="row">{name}</th><td{open_}>{html.escape(entry.text)}</td></tr>')
        rows.append("</table>")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>\n<h1>{TITLE}</h1>\n'
        f"<p>{html.escape(_head(sections, fingerprint))}</p>\n" + "\n".join(rows) + "\n</body></html>\n"
    )


def _head(sections: Sequence[Section], fingerprint: str) -> str:
    entries = [entry for section in sections for entry in section.entries]
    open_ = sum(entry.answer is None for entry in entries)
    return (
        "After Article 53(1)(d) of Regulation (EU) 2024/1689 and the template of the European Commission of 24 July "
        f"2025. Made from run {fingerprint}: {len(entries) - open_} of {len(entries)} fields are filled from its "
        f"files, {open_} are marked “{TO_ANSWER}”. Read the filled fields before you publish them."
    )


def _plain(text: str) -> str:
    """Returns text with its Markdown signs escaped, except the bold of fields to be answered."""
    return text.replace("|", "\\|").replace("<", "\\<").replace("_", "\\_")
