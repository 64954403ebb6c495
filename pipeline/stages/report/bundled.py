"""Files that come with this package: a configuration names one as `bundled:NAME`."""

from dataclasses import dataclass
from importlib.resources import files as resources

from massivetext.pipeline.config.load import ConfigError, Loaded

BUNDLED = "bundled:"


def resolved(loaded: Loaded, path: str) -> str:
    """Returns a bundled name as it is, and another path of a configuration as one that can be opened."""
    return path if path.startswith(BUNDLED) else loaded.resolve(path)


@dataclass(frozen=True)
class Bundle:
    """The files of one kind, which an error calls `what`: those with a suffix in a folder beside this file."""

    what: str
    folder: str
    suffix: str

    def names(self) -> list[str]:
        """Returns the names of the files, without the suffix."""
        entries = (entry.name for entry in resources(__package__).joinpath(self.folder).iterdir())
        return sorted(name.removesuffix(self.suffix) for name in entries if name.endswith(self.suffix))

    def place(self, path: str) -> str:
        """Returns where a file lies: that of a bundled name, or the path as it is. Raises ConfigError for a name of
        which there is no file."""
        if not path.startswith(BUNDLED):
            return path
        name = path.removeprefix(BUNDLED)
        if name not in self.names():
            raise ConfigError(f"no {self.what} `{name}` is bundled; there are {', '.join(self.names())}")
        return str(resources(__package__).joinpath(self.folder, f"{name}{self.suffix}"))
