"""Jupyter notebooks: the source of their cells, in order; outputs and attachments are left out."""

import orjson

SUFFIX = ".ipynb"


class NotebookError(ValueError):
    """A notebook cannot be read."""


def source(content: str) -> str:
    """Returns the cells (code, Markdown, raw), separated by blank lines, without those that have no text.

    Raises NotebookError if the content is not a notebook of nbformat 3 or 4.
    """
    try:
        notebook = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise NotebookError(f"no notebook: invalid JSON: {error}") from None
    cells = _cells(notebook) if isinstance(notebook, dict) else None
    if cells is None:
        raise NotebookError("no notebook: cells expected, in `cells` or `worksheets`")
    texts = (_text(cell).strip("\n") for cell in cells)
    return "\n\n".join(text for text in texts if text.strip())


def _cells(notebook: dict[str, object]) -> list[object] | None:
    cells = notebook.get("cells")
    worksheets = notebook.get("worksheets")  # nbformat 3
    if not isinstance(cells, list) and isinstance(worksheets, list):
        lists = [sheet.get("cells") for sheet in worksheets if isinstance(sheet, dict)]
        return [cell for each in lists if isinstance(each, list) for cell in each]
    return cells if isinstance(cells, list) else None


def _text(cell: object) -> str:
    if not isinstance(cell, dict):
        return ""
    text = cell.get("source", cell.get("input"))  # nbformat 3 calls the source of code cells `input`
    if isinstance(text, list):
        return "".join(line for line in text if isinstance(line, str))
    return text if isinstance(text, str) else ""
