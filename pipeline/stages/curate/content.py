"""Changes texts before they are measured, and measures what no rule judges."""

from dataclasses import dataclass

import pyarrow as pa

from massivetext.filters.masking.mask import mask
from massivetext.filters.measure.characters import measure_characters
from massivetext.filters.normalise import nfc
from massivetext.pipeline.stages.curate.blocklists import BlocklistFiles
from massivetext.pipeline.stages.curate.sites import SitesFile
from massivetext.schemas.measurement import MASKED


@dataclass(frozen=True)
class Content:
    """The options that change or measure the texts of one source. All are off by default."""

    nfc: bool = False
    mojibake: bool = False
    masked: tuple[str, ...] = ()
    seed: int = 0
    blocklist: BlocklistFiles | None = None
    rewriters: tuple[str, ...] = ()  # families that rewrite the texts
    sites: SitesFile | None = None

    def rewrite(self, documents: pa.RecordBatch) -> tuple[pa.RecordBatch, list[pa.Array]]:
        """Returns the documents (DOCUMENT) with changed texts, and the columns of MASKED."""
        text = documents.column("text")
        if self.nfc:
            text = nfc(text)
        counts = [pa.nulls(len(text), field.type) for field in MASKED]
        if self.masked:
            text, found = mask(text, self.masked, self.seed)
            counts = found.columns
        place = documents.schema.get_field_index("text")
        return documents.set_column(place, documents.schema.field(place), text), counts

    def measure(self, documents: pa.RecordBatch) -> list[pa.Array]:
        """Returns the columns of CHARACTERS."""
        found: list[pa.Array] = measure_characters(documents, mojibake=self.mojibake).columns
        return found

    def asked(self, documents: pa.RecordBatch) -> pa.RecordBatch:
        """The documents, with what their sites' files say of them in the column `robots`."""
        if self.sites is None:
            return documents
        place = documents.schema.get_field_index("robots")
        asked = self.sites.load().asked(documents.column("url"), documents.column("robots"))
        return documents.set_column(place, documents.schema.field(place), asked)

    def listed(self, documents: pa.RecordBatch) -> pa.Array:
        """Returns the column of BLOCKLISTED."""
        if self.blocklist is None:
            return pa.nulls(documents.num_rows, pa.string())
        return self.blocklist.load().match(documents.column("url"))
