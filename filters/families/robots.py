"""The rule on what pages ask of crawlers, such as `noai`. Off by default."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.families.family import Family, Mask, mask

FAMILY = Family(
    name="robots",
    place=10,
    meaning="pages that ask crawlers to stay away",
    judges=frozenset({"web", "news"}),
    is_always_shown=False,
)


@dataclass(frozen=True)
class RobotsRule:
    """Removes pages that ask crawlers for something in `refuse`, such as `noai`; `none` means noindex and nofollow."""

    refuse: tuple[str, ...]
    name: str = "robots"
    columns: tuple[str, ...] = ("robots",)

    @property
    def description(self) -> str:
        return f"asks crawlers for {', '.join(self.refuse)}"

    def broken(self, batch: pa.RecordBatch) -> Mask:
        asked = batch.column("robots")
        refused = {each.lower() for each in self.refuse}
        if refused & {"noindex", "nofollow"}:
            refused.add("none")
        names = pc.replace_substring_regex(pc.list_flatten(asked), ":.*", "")
        broken = np.zeros(batch.num_rows, dtype=np.bool_)
        is_refused = mask(pc.is_in(names, pa.array(sorted(refused))))
        broken[pc.list_parent_indices(asked).to_numpy(zero_copy_only=False)[is_refused]] = True
        return broken
