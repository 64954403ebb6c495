"""Orders the files of a repository so that each comes after the files that it imports, as in DeepSeek-Coder (arXiv
2401.14196, algorithm 1).
"""

import heapq
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

_DOTTED = re.compile(
    r"^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+\(?[ \t]*(\w+)?"  # Python
    r"|(?:import|using|use|mod)[ \t]+(?:static[ \t]+|crate::)?([\w.:]+))",  # Python, Java, Kotlin, C#, Rust
    re.MULTILINE,
)
_QUOTED = re.compile(
    r"(?:\bfrom|\bimport|\brequire|\brequire_relative|\binclude|#[ \t]*include)[ \t]*\(?[ \t]*"
    r"[\"'<]([^\"'<>\n]{1,200})[\"'>]"  # JavaScript, TypeScript, C, C++, Ruby, PHP, Go
)


def by_imports(paths: Sequence[str], texts: Sequence[str]) -> list[int]:
    """Returns the numbers of the files in the new order: imported files first, else by path.

    Patterns find the imports, not parsers. An import names the file whose path ends like the import; of several such
    files, the one nearest to the importing file. Of files that import one another, the one with the fewest remaining
    imports comes first.
    """
    found = _Files(paths)
    imports = [found.imported(number, text) for number, text in enumerate(texts)]
    importers: dict[int, list[int]] = defaultdict(list)
    for number, wanted in enumerate(imports):
        for other in wanted:
            importers[other].append(number)
    left = [len(wanted) for wanted in imports]
    heap = [(left[number], paths[number], number) for number in range(len(paths))]
    heapq.heapify(heap)
    placed: dict[int, None] = {}
    while heap:
        count, _, number = heapq.heappop(heap)
        if number in placed or count != left[number]:
            continue  # an old entry, from before one of its imports was placed
        placed[number] = None
        for other in importers[number]:
            if other not in placed:
                left[other] -= 1
                heapq.heappush(heap, (left[other], paths[other], other))
    return list(placed)


class _Files:
    """Finds files by the ends of their paths."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._parts = [tuple(path.split("/")) for path in paths]
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._stems = []
        for number, parts in enumerate(self._parts):
            *folders, name = parts
            stem = posixpath.splitext(name)[0]
            # A package is imported by the name of its folder.
            stems = tuple(folders) if stem in ("__init__", "index", "mod") and folders else (*folders, stem)
            self._stems.append(stems)
            for last in {name, stems[-1]}:
                self._by_name[last].append(number)

    def imported(self, number: int, text: str) -> set[int]:
        """Returns the files that a file imports."""
        found = set()
        for parts in _named(text):
            for wanted in (parts, parts[:-1]):  # the last part may name something in the file
                other = self._nearest(number, wanted)
                if other is not None:
                    found.add(other)
                    break
        return found - {number}

    def _nearest(self, number: int, wanted: tuple[str, ...]) -> int | None:
        if not wanted:
            return None
        fits = [
            other
            for other in self._by_name.get(wanted[-1], ())
            if wanted in (self._parts[other][-len(wanted) :], self._stems[other][-len(wanted) :])
        ]
        return min(fits, key=lambda other: (-self._shared(number, other), self._parts[other]), default=None)

    def _shared(self, one: int, other: int) -> int:
        """Returns how many folders two paths share, from the top."""
        return len(posixpath.commonprefix([self._parts[one][:-1], self._parts[other][:-1]]))


def _named(text: str) -> Iterator[tuple[str, ...]]:
    """Yields the imports of a file, as parts of paths."""
    for module, name, dotted in _DOTTED.findall(text):
        parts = [part for part in re.split(r"[.:]+", module or dotted) if part]
        yield (*parts, name) if name else tuple(parts)
    for quoted in _QUOTED.findall(text):
        yield tuple(part for part in quoted.split("/") if part not in ("", ".", ".."))
