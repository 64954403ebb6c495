"""What a module's behaviour depends on, found from the imports in its source."""

import ast

from massivetext.filters.kernels import source


def test_a_module_depends_on_all_that_it_imports_directly_or_not() -> None:
    found = source.closure("massivetext.filters.measure.quality")
    assert "massivetext.filters.measure.quality" in found
    assert "massivetext.filters.kernels.kernel" in found
    assert "massivetext.filters.kernels.source" in found, "by way of the kernel's"
    assert not any(name.startswith("massivetext.pipeline") for name in found)


def test_imports_within_functions_count() -> None:
    assert "massivetext.pipeline.runtime.engine" in source.imports("massivetext.pipeline.commands.guarded")


def test_modules_imported_from_their_package_by_name_count() -> None:
    assert "massivetext.pipeline.storage.files" in source.imports("massivetext.pipeline.runtime.parts")


def test_other_source_is_another_fingerprint() -> None:
    words, lines = "massivetext.filters.measure.words", "massivetext.filters.measure.lines"
    assert source.fingerprint(words) == source.fingerprint(words)
    assert source.fingerprint(words) != source.fingerprint(lines)


def test_what_is_imported_by_its_name_counts() -> None:
    """Families of rules and kinds of source are found in their folders, and kinds name their readers."""
    found = source.closure("massivetext.pipeline.stages.curate.curate")
    assert "massivetext.filters.families.quality" in found
    assert "massivetext.pipeline.read.kinds.web" in found
    assert {"massivetext.pipeline.read.web", "massivetext.filters.html.main_text"} <= found
    assert "massivetext.pipeline.read.web" not in source.closure(
        "massivetext.filters.language.fasttext_predict"
    )


def test_imports_found_by_their_lines_are_those_of_the_parsed_source() -> None:
    modules = sorted(
        f"massivetext.{'.'.join(path.relative_to(source.ROOT).with_suffix('').parts)}".removesuffix(
            ".__init__"
        )
        for folder in ("filters", "pipeline", "schemas")
        for path in (source.ROOT / folder).rglob("*.py")
    )
    assert len(modules) > 300
    assert {name: source._named(name) for name in modules} == {name: _parsed(name) for name in modules}


def _parsed(module: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.path_of(module).read_bytes())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "declared":
            found.update(f"{module}.{file.stem}" for file in source.path_of(module).parent.glob("*.py"))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "later":
            assert isinstance(node.args[0], ast.Constant)
            found.add(str(node.args[0].value))
    return found
