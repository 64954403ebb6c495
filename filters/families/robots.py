"""The rule on what pages ask of crawlers, such as `noai`. Off by default."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.families.family import Family, Mask, mask
from massivetext.filters.reservations.site import AI, MAY, RESERVES, ROBOTS, TDMREP

FAMILY = Family(
    name="robots",
    place=10,
    meaning="pages that ask crawlers to stay away",
    judges=frozenset({"web", "news"}),
    is_always_shown=False,
)


TDM = RESERVES.partition(":")[0]
KNOWN = frozenset(
    {
        *("noindex", "nofollow", "none", "noarchive", "nosnippet", "noimageindex", "noai", "noimageai"),
        *(TDM, TDMREP, AI, ROBOTS),
    }
)
"""Names of what is asked that are counted. Pages may state any others."""

OF_SITES = (TDM, AI)
"""What a page may be refused for that its site states in a file of its own."""


@dataclass(frozen=True)
class RobotsRule:
    """Removes pages that ask crawlers for something in `refuse`, such as `noai`, or whose site disallows them to one of
    `agents` in robots.txt. `none` means noindex and nofollow; tdm-reservation may stand in the page or in tdmrep.json.
    """

    refuse: tuple[str, ...]
    agents: tuple[str, ...] = ()
    name: str = "robots"
    columns: tuple[str, ...] = ("robots",)

    @property
    def description(self) -> str:
        asked = [f"asks crawlers for {', '.join(self.refuse)}"] if self.refuse else []
        disallowed = [f"is disallowed to {', '.join(self.agents)} by robots.txt"] if self.agents else []
        return " or ".join((*asked, *disallowed))

    def broken(self, batch: pa.RecordBatch) -> Mask:
        asked = batch.column("robots")
        refused = {each.lower() for each in self.refuse}
        if refused & {"noindex", "nofollow"}:
            refused.add("none")
        if TDM in refused:
            refused.add(TDMREP)
        items = pc.list_flatten(asked)
        wholes = {f"{ROBOTS}:{agent.lower()}" for agent in self.agents}
        is_refused = mask(pc.is_in(names(items), pa.array(sorted(refused), pa.string())))
        is_refused &= mask(pc.not_equal(items, MAY))
        is_refused |= mask(pc.is_in(items, pa.array(sorted(wholes), pa.string())))
        broken = np.zeros(batch.num_rows, dtype=np.bool_)
        broken[pc.list_parent_indices(asked).to_numpy(zero_copy_only=False)[is_refused]] = True
        return broken


def names(items: pa.Array) -> pa.Array:
    """The names of directives, without their values."""
    return pc.replace_substring_regex(items, ":.*", "")
