"""Makes the data set's card as Hugging Face's hub reads it: a head in YAML, then Markdown."""

import yaml

from massivetext.pipeline.stages.report.stats import ALL, Stats
from massivetext.pipeline.summary.gathered import Gathered

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
          (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"))  # fmt: skip


def card(stats: Stats, found: Gathered, name: str, licence: str) -> str:
    documents = sum(found.documents.values())
    languages = sorted(
        {row.language for row in stats.languages if row.source != ALL and row.kept.documents and row.language}
    )
    head = {
        "pretty_name": name,
        "license": "other",
        "license_name": licence,
        "language": languages,
        "task_categories": ["text-generation"],
        "size_categories": [next((size for least, size in _SIZES if documents < least), "n>1T")],
        "configs": [
            {"config_name": "documents", "data_files": "documents/*/*.parquet"},
            {"config_name": "sequences", "data_files": "shards/parquet/*.parquet"},
        ],
    }
    rows = [
        f"| {row.source} | {found.documents[row.source]:,} | {row.given:,} | {row.share:.1%} | {row.epochs:.2f} |"
        for row in stats.mix.sources
    ]
    licences = ", ".join(f"{one or 'none found'} {count:,}" for one, count in found.licences.most_common(10))
    warnings = [f"- {warning.subject}: {warning.message}" for warning in stats.warnings]
    return "\n".join(
        [
            "---",
            yaml.safe_dump(head, sort_keys=False, allow_unicode=True).rstrip(),
            "---",
            f"# {name}",
            "",
            "Text to pre-train language models, made by massivetext: rules judge measurements of each document, exact "
            "and near duplicates are removed, test items are kept out, and sources are mixed by weight. `documents/` "
            "holds every document that was read; `verdicts/`, `duplicates/` and `contaminated/` say what became of it.",
            "",
            "| source | documents kept | tokens in the shards | share | epochs |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"Licences found in the documents: {licences}.",
            "",
            "The answers to *Datasheets for Datasets* are in `report/datasheet.md`, the public summary of training "
            "content in `summary/summary.md`, a description for machines in `summary/croissant.json`.",
            "",
            "## Known limits",
            "",
            *(warnings or ["- The run warned of none."]),
            "",
            f"Run {stats.fingerprint}, seed {stats.seed}.",
            "",
        ]
    )
