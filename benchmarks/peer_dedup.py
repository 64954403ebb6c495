"""datatrove's deduplication in its four stages; dedup.py runs this in the environment of the peers.

    python peer_dedup.py FOLDER BUCKETS HASHES

Reads FOLDER/documents.jsonl. Prints a line of JSON: seconds, CPU seconds, and for every document that it regards as a
duplicate its row, its cluster and whether it is removed.
"""

import json
import logging
import sys
import time
from pathlib import Path

import numpy as np
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup import (
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from loguru import logger
from peak import peak


def main() -> None:
    logger.remove()
    logging.disable()
    folder, buckets, hashes = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    work = folder / f"datatrove-{buckets}-{hashes}"
    config = MinhashConfig(n_grams=13, num_buckets=buckets, hashes_per_bucket=hashes)
    read = JsonlReader(str(folder), glob_pattern="documents.jsonl")
    signatures, duplicates, clusters = (str(work / name) for name in ("signatures", "duplicates", "clusters"))
    stages: list[tuple[list[PipelineStep], int]] = [
        ([read, MinhashDedupSignature(signatures, config)], 1),
        ([MinhashDedupBuckets(signatures, duplicates, config=config)], buckets),
        ([MinhashDedupCluster(duplicates, clusters, config, save_cluster_id=True)], 1),
        ([read, MinhashDedupFilter(clusters), JsonlWriter(str(work / "kept"), compression=None)], 1),
    ]
    began, cpu = time.monotonic(), time.process_time()
    for number, (steps, tasks) in enumerate(stages):
        LocalPipelineExecutor(steps, tasks=tasks, workers=1, logging_dir=str(work / f"logs-{number}")).run()
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    in_clusters = np.fromfile(work / "clusters/000000.clusters", "<u4").reshape(-1, 2).tolist()
    removed = np.fromfile(work / "clusters/000000.remove", "<u4").tolist()
    print(
        json.dumps(
            {"seconds": seconds, "cpu": cpu, "megabytes": peak(), "clusters": in_clusters, "removed": removed}
        )
    )


if __name__ == "__main__":
    main()
