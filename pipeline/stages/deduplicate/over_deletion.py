"""The guard against over-deletion: a source that loses nearly everything to near duplicates deserves a look."""

from collections.abc import Iterable, Iterator

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.tally import Figure, Row, Tally
from massivetext.schemas.duplicate import DUPLICATE_KINDS


def over_deleted(config: Config, rows: Iterable[Row]) -> Iterator[str]:
    """A warning for each source of which near duplicates took more than `deduplicate.most_removed`.

    `rows` are those that the stage counted: duplicate by kind, and kept.
    """
    tally, most = Tally.of(rows), config.deduplicate.most_removed
    for source in config.judged("deduplicate"):
        url, exact, near = (tally.count(source, Figure.DUPLICATE, kind).documents for kind in DUPLICATE_KINDS)
        documents = url + exact + near + tally.count(source, Figure.KEPT).documents
        if near > most * documents:
            yield (
                f"source {source}: {near / documents:.0%} of {documents:,} documents were removed as near "
                f"duplicates, more than deduplicate.most_removed ({most:g}): read some in duplicates/ before "
                "using the rest"
            )
