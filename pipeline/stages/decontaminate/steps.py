"""The steps of decontaminate. Each is planned when the one before has ended, so that all share one pipeline."""

from dataclasses import dataclass

from massivetext.pipeline.config.decontaminate import Decontaminate as Settings
from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.runtime.candidates import Candidates
from massivetext.pipeline.runtime.parts import Step
from massivetext.pipeline.runtime.steps import Planned, Worked
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.decontaminate import canaries, rarity
from massivetext.pipeline.stages.decontaminate.canaries import Canaries, Release
from massivetext.pipeline.stages.decontaminate.decontaminate import Decontaminate
from massivetext.pipeline.stages.decontaminate.rarity import Count, Counted, Sum
from massivetext.pipeline.stages.decontaminate.searches import (
    REMOVED,
    DocumentCopies,
    EmbeddedItems,
    Search,
)
from massivetext.pipeline.stages.decontaminate.test_sets.item_file import ItemFile


@dataclass(frozen=True)
class Steps:
    """Plans the steps: count words, add up the counts, search for canaries, search in all documents."""

    out: str
    seed: int
    sources: tuple[str, ...]
    settings: Settings
    test_files: tuple[ItemFile, ...]
    titles: frozenset[str]
    titled_sources: frozenset[str]

    def planned(self) -> list[Planned]:
        counting = [Planned(rarity.STEP, self._counting), Planned(rarity.SUM, self._adding)]
        testing = [Planned(canaries.STEP, self._releasing)]
        return [
            *(counting if self.test_files and self.settings.remove in REMOVED else ()),
            *(testing if self.test_files else ()),
            Planned(names.DECONTAMINATE, self._searching),
        ]

    def parts(self) -> list[Candidates]:
        """Returns the parts whose documents are searched."""
        return candidates.candidates(self.out, self.sources, after=[names.DEDUPLICATE])

    def search(self) -> Search | None:
        """Returns the search, once words are counted; None without test sets."""
        of, known = self.settings, self.test_files
        if not known:
            return None
        if of.remove in REMOVED:
            return EmbeddedItems(self.out, known, REMOVED[of.remove], rarity.counts(self.out))
        return DocumentCopies(known, of.threshold, of.containment, of.shingle)

    def _sample(self) -> list[Candidates]:
        return rarity.sample(self.parts(), self.seed)

    def _counting(self) -> Worked:
        sample = self._sample()
        work = Count(self.out, self.test_files, rarity.bytes_of_each(sample), self.seed)
        return Worked(Step.of(rarity.STEP, work), sample, size=lambda item: min(item.bytes, work.most))

    def _adding(self) -> Worked:
        counted = Counted.of(self.out, self._sample())
        return Worked(Step.of(rarity.SUM, Sum(self.out, self.test_files)), [counted])

    def _releasing(self) -> Worked:
        search = self.search()
        assert search is not None, "there are test sets"
        work = Release(self.out, self.test_files, self.seed, search)
        return Worked(Step.of(canaries.STEP, work), [Canaries(0, tuple(self._sample()))])

    def _searching(self) -> Worked:
        work = Decontaminate(self.out, self.titles, self.titled_sources, self.search())
        return Worked(Step.of(names.DECONTAMINATE, work), self.parts(), size=lambda item: item.bytes)
