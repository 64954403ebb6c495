"""The rule on blocklists: removes documents whose URL is on one. Off by default."""

from dataclasses import dataclass

import pyarrow as pa

from massivetext.filters.families.family import Family, Mask, mask

FAMILY = Family(
    name="blocklist",
    place=20,
    meaning="pages whose URL or domain is on a list",
    judges=frozenset({"web", "text", "news"}),
    is_always_shown=False,
)


@dataclass(frozen=True)
class BlocklistRule:
    """Removes documents whose URL or domain is on a blocklist."""

    name: str = "blocklist"
    columns: tuple[str, ...] = ("blocklisted",)

    @property
    def description(self) -> str:
        return "its URL or domain is on the blocklist"

    def broken(self, batch: pa.RecordBatch) -> Mask:
        return mask(batch.column("blocklisted").is_valid())
