"""What a plugin is: a file of Python that the configuration names, or an entry point of an installed package.

A file travels to workers by its content. An installed package must be installed where they work, in the same version.
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
        """The file's name, by which errors name the plugin."""
        return f"plugin {Path(self.path).name}"

    @property
    def stem(self) -> str:
        return Path(self.path).stem

    @property
    def fingerprint(self) -> str:
        """Of what the code does: comments and docstrings are not in it."""
        return meaning(self.source.encode())

    def values(self) -> Mapping[str, object]:
        """What the file declares, by name; it is executed once in a process."""
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
        )  # on a worker the file is not there
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
    value: str  # where it leads to, as `package.module:attribute`

    @property
    def name(self) -> str:
        return f"plugin {self.stem} ({self.value})"

    @property
    def fingerprint(self) -> str:
        """Of what the code of the whole package does."""
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
        """What the entry point leads to, or what the module that it leads to declares."""
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
