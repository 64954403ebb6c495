"""A plugin: a Python file that the configuration names, or an entry point of an installed package.

The content of a file is sent to workers. A package must be installed on the machines of the workers, in the same
version.
"""

import hashlib
import importlib
import importlib.util
import linecache
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

from massivetext.pipeline.plugins.guard import PluginError
from massivetext.pipeline.plugins.meaning import meaning


@dataclass(frozen=True)
class PluginFile:
    """A file of Python."""

    path: str
    source: str = field(repr=False)

    @property
    def name(self) -> str:
        """The name of the plugin in errors, from the file's name."""
        return f"plugin {Path(self.path).name}"

    @property
    def stem(self) -> str:
        return Path(self.path).stem

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the code, without comments and docstrings."""
        return meaning(self.source.encode())

    def values(self) -> Mapping[str, object]:
        """Returns the values that the file declares, by name. It is executed once in each process."""
        number = hashlib.sha256(self.source.encode()).hexdigest()[:12]
        name = f"massivetext_plugin_{number}_{self.stem}"
        if name not in sys.modules:
            sys.modules[name] = self._executed(name)
        return vars(sys.modules[name])

    def _executed(self, name: str) -> ModuleType:
        module = ModuleType(name)
        module.__file__ = self.path
        lines = self.source.splitlines(keepends=True)
        linecache.cache[self.path] = (
            len(self.source),
            None,
            lines,
            self.path,
        )  # a worker does not have the file
        sys.modules[name] = module
        try:
            exec(compile(self.source, self.path, "exec"), vars(module))
        except BaseException as error:
            del sys.modules[name]
            line = f" (line {error.lineno})" if isinstance(error, SyntaxError) else ""
            raise PluginError(
                f"{self.name}: it cannot be loaded: {type(error).__name__}: {error}{line}"
            ) from error
        return module


@dataclass(frozen=True)
class Installed:
    """An entry point of an installed package."""

    group: str
    stem: str  # the entry point's name
    value: str  # its target, as `package.module:attribute`

    @property
    def name(self) -> str:
        return f"plugin {self.stem} ({self.value})"

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the code of the whole package."""
        top = self.value.partition(":")[0].partition(".")[0]
        spec = importlib.util.find_spec(top)
        if spec is None or spec.origin is None:
            raise PluginError(f"{self.name}: the package {top} is not installed here")
        origin = Path(spec.origin)
        files = sorted(origin.parent.rglob("*.py")) if origin.name == "__init__.py" else [origin]
        digest = hashlib.sha256()
        for file in files:
            digest.update(meaning(file.read_bytes()).encode())
        return digest.hexdigest()

    def values(self) -> Mapping[str, object]:
        """Returns the target of the entry point; if that is a module, the values that it declares."""
        try:
            found = EntryPoint(self.stem, self.value, self.group).load()
        except Exception as error:
            raise PluginError(f"{self.name}: it cannot be loaded: {type(error).__name__}: {error}") from error
        if isinstance(found, ModuleType):
            return vars(found)
        if isinstance(found, list | tuple):
            return {str(place): one for place, one in enumerate(found)}
        return {self.stem: found}


Plugin = PluginFile | Installed
