import json

import pytest

from massivetext.pipeline.read.code.notebook import NotebookError, source


def notebook(*cells: object, **fields: object) -> str:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, **fields})


def test_sources_without_outputs() -> None:
    code = {"cell_type": "code", "source": ["a = 1\n", "a"], "outputs": [{"text": ["secret"]}]}
    prose = {
        "cell_type": "markdown",
        "source": "# Title\n",
        "attachments": {"a.png": {"image/png": "iVBORw0"}},
    }
    assert source(notebook(prose, code, {"cell_type": "raw", "source": []})) == "# Title\n\na = 1\na"


def test_nbformat_3() -> None:
    cells = [
        {"cell_type": "code", "input": ["a = 1"], "outputs": []},
        {"cell_type": "markdown", "source": "b"},
    ]
    assert source(json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3})) == "a = 1\n\nb"


@pytest.mark.parametrize("odd", [1, None, "a", {}, {"source": 1}, {"source": [1, None]}, {"source": None}])
def test_odd_cells_hold_nothing(odd: object) -> None:
    assert source(notebook(odd, {"source": "a"})) == "a"


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "1", "{}", '{"cells": 1}', '{"worksheets": 1}', "[" * 10_000]
)
def test_other_files_are_told(content: str) -> None:
    with pytest.raises(NotebookError, match="no notebook"):
        source(content)
