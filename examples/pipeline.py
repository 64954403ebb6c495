"""Stages of massivetext in a Beam pipeline of one's own: measure, judge, drop copies, tokenize.

    python examples/pipeline.py DOCUMENTS.jsonl TOKENIZER OUTPUT [BEAM OPTIONS]

DOCUMENTS holds lines with `text`. OUTPUT gets JSON lines with the number of tokens of each document that stays. Beam's
options choose the runner, such as --runner=FlinkRunner.
"""

import json
import sys

import apache_beam as beam
import pyarrow as pa
from apache_beam.options.pipeline_options import PipelineOptions

import massivetext
from massivetext.transforms import Batches, DropCopies, Judge, Measure, Sign, Tokenize

# The rules of Gopher's paper, as a source of web pages has them.
RULES = massivetext.configuration({"sources": {"pages": {"kind": "web", "paths": ["none"]}}})


def lengths(batch: pa.RecordBatch) -> list[str]:
    """A line for each document."""
    rows = batch.select(["id", "language", "word_count", "tokens"]).to_pylist()
    return [json.dumps({**row, "tokens": len(row["tokens"])}) for row in rows]


def main(documents: str, tokenizer: str, output: str, *options: str) -> None:
    """Run the pipeline."""
    with open(documents, encoding="utf-8") as lines:
        rows = [
            {"id": f"{number:032x}", "text": json.loads(line)["text"]} for number, line in enumerate(lines)
        ]
    with beam.Pipeline(options=PipelineOptions(list(options))) as pipeline:
        _ = (
            pipeline
            | "Documents" >> beam.Create(rows)
            | Batches()
            | Measure()
            | Judge(RULES, "pages", drops=True)
            | Sign()
            | DropCopies()
            | Tokenize(tokenizer, eos=True)
            | "Lengths" >> beam.FlatMap(lengths)
            | "Write" >> beam.io.WriteToText(output, shard_name_template="")
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
