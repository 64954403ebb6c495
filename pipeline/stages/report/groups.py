"""Groups: documents that hold many features of some people's way of writing.

A document belongs to a group if the group's patterns match in it at least `minimum_features` times, and at
least `minimum_per_1000_words` times in a thousand words. Groups change nothing in the data: the report only compares
how often the rules remove their documents.
"""

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.features import count, together, wrong
from massivetext.filters.language.language import matches
from massivetext.pipeline.config.audit import Audit
from massivetext.pipeline.config.load import ConfigError, Loaded
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.report import lexicon
from massivetext.pipeline.stages.report.associations import lists
from massivetext.pipeline.stages.report.associations.lists import Lists
from massivetext.pipeline.stages.report.bundled import resolved
from massivetext.pipeline.stages.report.lexicon import Lexicon
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.files import Written

SURELY = 0.9
"""The probability of a language from which a text is surely in it: dialects are taken for other languages with less."""

GROUPS = layout.work(names.REPORT, "groups.json")
ASSOCIATIONS = layout.work(names.REPORT, "associations.json")


@dataclass(frozen=True)
class Group:
    """A group as configured, with the patterns of its lexicon."""

    name: str
    patterns: tuple[str, ...]
    languages: tuple[str, ...] = ()  # of its lexicon; none if it is for any

    @property
    def pattern(self) -> str:
        """All patterns as one, so that a text is scanned once."""
        return together(self.patterns)

    def features(self, texts: pa.Array) -> npt.NDArray[np.int64]:
        """The number of features in each text."""
        return count(texts, self.pattern)

    def may_hold(self, columns: pa.RecordBatch) -> npt.NDArray[np.bool_]:
        """Whether each document may be in the group: all but those that are surely in a language it is not for.

        An unsure label does not count, because dialects are often taken for other languages.
        """
        if not self.languages:
            return np.ones(len(columns), np.bool_)
        labels = columns.column("language").unique().drop_null().to_pylist()
        others = [label for label in labels if not any(matches(label, one) for one in self.languages)]
        is_other = pc.is_in(columns.column("language"), pa.array(others, pa.string()))
        is_sure = pc.greater_equal(columns.column("language_probability"), SURELY).fill_null(False)
        found: npt.NDArray[np.bool_] = ~pc.and_(is_other, is_sure).to_numpy(zero_copy_only=False)
        return found


def members(
    audit: Audit, features: npt.NDArray[np.int64], words: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Whether each document belongs to a group, by its numbers of features and words."""
    is_dense = 1000 * features >= audit.minimum_per_1000_words * words
    return is_dense & (features >= audit.minimum_features)


def configured(loaded: Loaded) -> tuple[Group, ...]:
    """Returns the groups of a configuration. Raises ConfigError if a lexicon or a pattern cannot be read."""
    return tuple(
        Group(name, found.patterns, found.languages)
        for name, one in loaded.config.audit.groups.items()
        for found in [_lexicon(loaded, name, one)]
    )


def _lexicon(loaded: Loaded, name: str, group: str | Sequence[str]) -> Lexicon:
    if isinstance(group, str):
        try:
            return lexicon.read(resolved(loaded, group))
        except ConfigError as error:
            raise ConfigError(f"{loaded.where('audit', 'groups', name)}: {error}") from error
    for index, pattern in enumerate(group):
        if reason := wrong(pattern):
            raise ConfigError(f"{loaded.where('audit', 'groups', name, index)}: not a pattern: {reason}")
    return Lexicon(tuple(group))


def associations(loaded: Loaded) -> dict[str, Lists]:
    """Returns the lists of `audit.associations`. Raises ConfigError if a file cannot be read."""
    found = {}
    for name, path in loaded.config.audit.associations.items():
        try:
            found[name] = lists.read(resolved(loaded, path))
        except ConfigError as error:
            raise ConfigError(f"{loaded.where('audit', 'associations', name)}: {error}") from error
    return found


def store_associations(out: str, found: Mapping[str, Lists]) -> Written:
    """Write the association lists to the output, as `store` writes groups."""
    held = {name: one.model_dump() for name, one in found.items()}
    return files.write_bytes(out, ASSOCIATIONS, orjson.dumps(held))


def stored_associations(out: str) -> dict[str, Lists]:
    """The association lists with which a run's report was made."""
    path = posixpath.join(out, ASSOCIATIONS)
    held = orjson.loads(files.read_bytes(path)) if files.exists(path) else {}
    return {name: Lists.model_validate(one) for name, one in held.items()}


def store(out: str, groups: Sequence[Group]) -> Written:
    """Write the groups to the output, since lexicons are stored elsewhere and may change."""
    return files.write_bytes(out, GROUPS, orjson.dumps([asdict(group) for group in groups]))


def stored(out: str) -> tuple[Group, ...]:
    """The groups with which a run's report was made."""
    path = posixpath.join(out, GROUPS)
    entries = orjson.loads(files.read_bytes(path)) if files.exists(path) else []
    return tuple(
        Group(entry["name"], tuple(entry["patterns"]), tuple(entry["languages"])) for entry in entries
    )
