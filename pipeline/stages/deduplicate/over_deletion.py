"""Guards against over-deletion: warns of a source that loses most of its documents to near duplicates."""

from collections.abc import Iterable, Iterator

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.tally import Figure, Row, Tally
from massivetext.schemas.duplicate import DUPLICATE_KINDS


def over_deleted(config: Config, rows: Iterable[Row]) -> Iterator[str]:
    """Yields a warning for each source that lost a larger share than `deduplicate.most_removed` to near duplicates.

    `rows` are the stage's figures: duplicate by kind, and kept.
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
