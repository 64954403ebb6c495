"""Files come after the files that they import."""

import random

import pytest

from massivetext.filters.imports import by_imports

FORMS = [
    ("pkg/main.py", "from pkg.base import Base\n", "pkg/base.py"),
    ("pkg/main.py", "from .zebra import stripes\n", "pkg/zebra.py"),
    ("pkg/main.py", "from . import zebra\n", "pkg/zebra.py"),
    ("pkg/main.py", "import pkg.zebra, os\n", "pkg/zebra.py"),
    ("pkg/a.py", "from pkg import thing\n", "pkg/__init__.py"),
    ("src/a.c", '#include "z.h"\n', "include/z.h"),
    ("src/a.cc", "#include <lib/z.hpp>\n", "src/lib/z.hpp"),
    ("app/a.ts", "import {x} from './z';\n", "app/z.ts"),
    ("app/a.js", "const x = require('../lib/z.js');\n", "lib/z.js"),
    ("app/a.js", "import '../lib';\n", "lib/index.js"),
    ("a/A.java", "import static org.example.Z;\n", "src/org/example/Z.java"),
    ("a.rs", "use crate::z::Thing;\n", "z.rs"),
    ("a.rb", "require_relative 'z'\n", "z.rb"),
    ("a.go", 'import "example.org/z"\n', "example.org/z.go"),
]


@pytest.mark.parametrize(("path", "text", "imported"), FORMS)
def test_an_import_is_found_in_each_language(path: str, text: str, imported: str):
    paths = [path, imported]
    assert [paths[at] for at in by_imports(paths, [text, ""])] == [imported, path]
    assert [paths[at] for at in by_imports(paths, ["nothing", ""])] == sorted(paths)


def test_the_nearest_of_several_files_is_meant():
    paths = ["one/a.py", "one/z.py", "two/b.py", "two/z.py"]
    found = by_imports(paths, ["import z", "", "import z", "import one.a"])
    assert [paths[at] for at in found] == ["one/z.py", "one/a.py", "two/z.py", "two/b.py"]


def test_a_circle_is_broken_where_fewest_imports_are_left():
    paths = ["a.py", "b.py", "c.py"]
    found = by_imports(paths, ["import b, c\nimport c", "import a", ""])
    assert [paths[at] for at in found] == ["c.py", "a.py", "b.py"]


def test_any_graph_without_circles_is_ordered():
    random_ = random.Random(4)
    for _ in range(100):
        size = random_.randint(0, 12)
        names = random_.sample(range(100), size)
        paths = [f"m{name}.py" for name in names]
        uses = {at: random_.sample(range(at), random_.randint(0, at)) for at in range(size)}
        texts = ["".join(f"import m{names[other]}\n" for other in uses[at]) for at in range(size)]
        found = by_imports(paths, texts)
        assert sorted(found) == list(range(size))
        place = {at: number for number, at in enumerate(found)}
        assert all(place[other] < place[at] for at in uses for other in uses[at])
