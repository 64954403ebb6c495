"""A whole run through Beam's DataflowRunner, against a stand-in of the service that executes what is submitted."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from massivetext.pipeline.runtime.versions import tag
from tests.cloud.dataflow_service import Service

IMAGE = f"us-central1-docker.pkg.dev/my-project/tools/massivetext:{tag()}"
CONFIG = """\
limits:        {failed: 0.1}  # two of news' records are broken on purpose
sources:
  c4:   {kind: text, paths: ["c4/*.json*"], weight: 0.6}
  news: {kind: news, paths: ["news/*.jsonl.zst"], weight: 0.4}
deduplicate:   {sources: [c4, news]}
decontaminate: {test_sets: {quiz: {path: testsets/quiz.jsonl, id: id}}}
tokenizer:     {train: {vocabulary: 600, sample_bytes: 100000}}
mix:           {tokens: 20000, sequence_length: 128, max_epochs: 9}
"""
OPTIONS = (
    "--runner=DataflowRunner",
    "--project=my-project",
    "--region=us-central1",
    "--temp_location=gs://lake/temp",
    f"--sdk_container_image={IMAGE}",
    "--machine_type=n2-standard-8",
    "--max_num_workers=20",
    "--disk_size_gb=50",
    "--service_account_email=worker@my-project.iam.gserviceaccount.com",
    "--no_use_public_ips",
    "--labels=run=test",
    "--dataflow_service_options=enable_prime",
    "--experiments=enable_batch_vmr",
)
MADE = ("contaminated", "documents", "duplicates", "failed", "shards", "tokenizer", "tokens", "verdicts")


@pytest.fixture(scope="module")
def inputs(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dataflow") / "in"
    for name in ("c4", "news", "testsets"):
        shutil.copytree(sample / name, folder / name)
    (folder / "massivetext.yaml").write_text(CONFIG)
    return folder


@pytest.fixture
def bucket(google, inputs: Path) -> str:
    google.put(inputs, "flow/in")
    return "gs://lake/flow"


def test_a_whole_run_through_dataflow(service: Service, bucket: str, google, inputs: Path, massivetext):
    config, out = f"{bucket}/in/massivetext.yaml", f"{bucket}/out"
    done = massivetext("run", config, "--output", out, *OPTIONS, *google.options, service.endpoint)
    assert done.returncode == 0, done.stderr
    assert "running on DataflowRunner" in done.stderr

    local = inputs.parent / "out"
    alone = massivetext(
        "run", str(inputs / "massivetext.yaml"), "--output", str(local), "--direct_running_mode=in_memory"
    )
    assert alone.returncode == 0, alone.stderr
    paths = [path for folder in MADE for path in (local / folder).rglob("*") if path.is_file()]
    there = {name: data for name, data in google.get("flow/out").items() if name.split("/")[0] in MADE}
    assert there == {path.relative_to(local).as_posix(): path.read_bytes() for path in paths}
    assert {name.split("/")[0] for name in there} >= {"documents", "duplicates", "shards", "tokens"}

    assert any(path.endswith("/messages") for path in service.asked)  # it was waited for
    names = [job["name"] for job in service.submitted]
    assert names == ["massivetext-curate", "massivetext-deduplicate", "massivetext-mix"]
    for job in service.submitted:
        _check_job(job)

    service.submitted.clear()
    again = massivetext("run", config, "--output", out, *OPTIONS, *google.options, service.endpoint)
    assert (again.returncode, again.stderr.count("is finished already")) == (0, 7)
    assert service.submitted == []


def _check_job(job: dict[str, Any]) -> None:
    environment = job["environment"]
    [pool] = environment["workerPools"]
    [harness] = pool["sdkHarnessContainerImages"]
    assert harness["containerImage"] == IMAGE == pool["workerHarnessContainerImage"]
    assert harness["useSingleCorePerContainer"] is True  # one Python a core
    assert pool["machineType"] == "n2-standard-8"
    assert pool["autoscalingSettings"]["maxNumWorkers"] == 20
    assert pool["diskSizeGb"] == 50
    assert pool["ipConfiguration"] == 2  # WORKER_IP_PRIVATE
    assert environment["serviceOptions"] == ["enable_prime"]
    assert "enable_batch_vmr" in environment["experiments"]
    assert environment["serviceAccountEmail"] == "worker@my-project.iam.gserviceaccount.com"
    assert job["type"] == 1  # JOB_TYPE_BATCH
    assert job["labels"] == {"run": "test"}
    assert "beam:protocol:data_sampling:v1" in harness["capabilities"]
    options = environment["sdkPipelineOptions"]["options"]
    assert options["pipelineUrl"].startswith("gs://lake/temp/")
    assert options["region"] == "us-central1"


def test_a_job_that_fails_is_told_and_gone_on_from(service: Service, bucket: str, google, massivetext):
    config, out = f"{bucket}/in/massivetext.yaml", f"{bucket}/failing"
    run = ("curate", config, "--output", out, *OPTIONS, *google.options, service.endpoint)
    service.fails = "curate"
    service.submitted.append({})  # so that the failure is known at once
    done = massivetext(*run)
    assert done.returncode == 1
    assert "curate: its Dataflow job failed" in done.stderr
    assert "the same command goes on" in done.stderr
    service.fails = ""
    assert massivetext(*run).returncode == 0


WRONG = {
    "--project is missing": ("--project=",),
    "--sdk_container_image is missing": ("--sdk_container_image=",),
    f"expected the tag {tag()}": ("--sdk_container_image=us-central1-docker.pkg.dev/p/r/massivetext:latest",),
    "would pull it from afar": (f"--sdk_container_image=asia-east1-docker.pkg.dev/p/r/m:{tag()}",),
    "expected gs://BUCKET/FOLDER": ("--temp_location=/tmp",),
    "not in --region=us-central1": ("--worker_zone=asia-east1-a",),
    "exclude each other": ("--flexrs_goal=COST_OPTIMIZED",),
    "there is no bucket nowhere": ("--temp_location=gs://nowhere/temp",),
    "the bucket is in US": (
        "--region=europe-west4",
        f"--sdk_container_image=europe-docker.pkg.dev/p/r/massivetext:{tag()}",
    ),
}


@pytest.mark.parametrize("message", WRONG)
def test_what_cannot_run_is_refused_before_anything_runs(message, service: Service, bucket: str, google):
    """The emulator's buckets are in the US."""
    from massivetext.pipeline.config.load import ConfigError
    from massivetext.pipeline.runtime.engine import Engine

    wrong = WRONG[message]
    missing = [each for each in wrong if each.endswith("=")]
    given = (
        [each for each in OPTIONS if not each.startswith(tuple(missing))] if missing else [*OPTIONS, *wrong]
    )
    options = [*given, *google.options, service.endpoint]
    google.requests.seen.clear()
    with pytest.raises(ConfigError, match=re.escape(message)):
        Engine(options).check(f"{bucket}/refused", iter(()))
    assert service.submitted == []
    assert google.get("refused") == {}


def test_local_files_are_refused(google, inputs: Path, massivetext):
    config = str(inputs / "massivetext.yaml")
    done = massivetext("run", config, "--output", "gs://lake/out", *OPTIONS, *google.options)
    assert done.returncode == 2
    assert "c4-00.json" in done.stderr
    assert "workers cannot read it" in done.stderr
    done = massivetext("run", config, "--output", str(inputs.parent / "elsewhere"), *OPTIONS, *google.options)
    assert done.returncode == 2
    assert "workers cannot write there" in done.stderr
    assert not (inputs.parent / "elsewhere").exists()
