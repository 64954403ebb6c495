"""The rule on licences."""

from dataclasses import dataclass

import pyarrow as pa

from massivetext.filters.families.family import Family, Mask, mask
from massivetext.filters.licence.licence import permit

FAMILY = Family(
    name="licence",
    place=80,
    meaning="code without a permissive licence",
    judges=frozenset({"code"}),
)


@dataclass(frozen=True)
class LicenceRule:
    """Removes documents without a licence, and those whose licence is not kept."""

    keep: tuple[str, ...]
    name: str = "licence"
    columns: tuple[str, ...] = ("licence",)

    @property
    def description(self) -> str:
        return f"not under {', '.join(self.keep)}"

    def broken(self, batch: pa.RecordBatch) -> Mask:
        return ~mask(permit(batch.column("licence"), frozenset(self.keep)))
