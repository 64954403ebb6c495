"""data-juicer's filters and MinHash over texts. whole_run_peers.py runs this in its environment.

    python peer_run_juicer.py INPUT OUT text TOKENIZER.json LANGUAGE.ftz WORKERS

INPUT holds gzipped JSONL. Prints a line of JSON: the documents after each step, [name, count].

data-juicer has no reader of WARC and writes no tokens. Of Gopher's rules it has word counts and the repetition of
runs of 10 words; what else filters here are its own rules of characters and lines, at their defaults.
"""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

FILTERS = [
    {"words_num_filter": {"min_num": 50, "max_num": 100_000}},
    {"word_repetition_filter": {"rep_len": 10, "max_ratio": 0.1}},
    {"character_repetition_filter": {}},
    {"alphanumeric_filter": {}},
    {"special_characters_filter": {}},
    {"average_line_length_filter": {}},
]
NEAR = {
    "tokenization": "space",
    "window_size": 13,
    "num_permutations": 128,
    "jaccard_threshold": 0.8,
    "num_bands": 16,
    "num_rows_per_band": 8,
}


def main() -> None:
    source, folder, _, _, model, workers = sys.argv[1:]
    out = Path(folder)
    (out / "models").mkdir(parents=True)
    (out / "models/lid.176.bin").symlink_to(model)  # the name by which it looks for a model
    texts = out / "documents.jsonl"
    with texts.open("wb") as file:
        for path in sorted(Path(source).iterdir()):
            with gzip.open(path) as lines:
                file.write(lines.read())
    process = [
        {"language_id_score_filter": {"lang": "en", "min_score": 0.65}},
        *FILTERS,
        {"document_minhash_deduplicator": NEAR},
    ]
    config = {
        "project_name": "peer",
        "dataset_path": str(texts),
        "export_path": str(out / "kept.jsonl"),
        "work_dir": str(out / "work"),
        "np": int(workers),
        "process": process,
        "open_tracer": False,
        "use_cache": False,
        "op_fusion": False,
    }
    (out / "config.yaml").write_text(yaml.safe_dump(config))
    program = Path(sys.executable).with_name("dj-process")
    homes = {
        "DATA_JUICER_EXTERNAL_MODELS_HOME": str(out / "models"),
        "DATA_JUICER_CACHE_HOME": str(out / "cache"),
    }
    subprocess.run(
        [program, "--config", out / "config.yaml"],
        check=True,
        stdout=sys.stderr,
        env={**os.environ, **homes, "HF_HOME": str(out / "cache"), "HF_HUB_OFFLINE": "1"},
    )
    print(json.dumps([("read", _count(texts)), ("near duplicates", _count(out / "kept.jsonl"))]))


def _count(path: Path) -> int:
    with path.open("rb") as lines:
        return sum(1 for _ in lines)


if __name__ == "__main__":
    main()
