"""The example notebook runs from its first cell to its last."""

from pathlib import Path

import nbclient
import nbformat

from tests.paths import ROOT


def test_the_notebook_runs(tmp_path: Path) -> None:
    notebook = nbformat.read(ROOT / "examples/notebook.ipynb", as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=900, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    kinds = [kind for output in outputs for kind in output.get("data", {})]
    assert kinds.count("image/png") == 2, "charts"
    assert kinds.count("text/html") == 5, "tables"
    assert not [output for output in outputs if output.output_type == "error"]
