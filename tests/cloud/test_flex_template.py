"""The flex template: its launcher stages one job, whose only element is a whole run. Google's launcher is stood in for.

`make test-image` runs it in the images: IMAGE is the workers', FLEX_IMAGE the template's.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from apache_beam.transforms.environments import DockerEnvironment

from massivetext.pipeline.runtime.versions import tag
from massivetext.pipeline.storage import files
from tests.cloud.dataflow_service import Service
from tests.paths import ROOT

METADATA = json.loads((ROOT / "docker/flex-template.json").read_text())
PATTERNS = {each["name"]: each.get("regexes", []) for each in METADATA["parameters"]}
IMAGE = f"us-central1-docker.pkg.dev/my-project/tools/massivetext:{tag()}"
CONFIG = """\
sources:
  news: {kind: news, paths: ["news/*.jsonl.zst"], weight: 1}
deduplicate: {sources: [news]}
tokenizer:   {train: {vocabulary: 600, sample_bytes: 100000}}
mix:         {tokens: 20000, sequence_length: 128, max_epochs: 9}
"""
MADE = ("documents", "duplicates", "shards", "tokenizer", "tokens", "verdicts")


def test_the_metadata_is_of_googles_schema():
    """Field by field, against the message that the service's client is generated from."""
    types = pytest.importorskip("google.cloud.dataflow_v1beta3.types", reason="needs the extra gcp")
    from google.protobuf import json_format

    parsed = json_format.ParseDict(METADATA, types.TemplateMetadata.pb(types.TemplateMetadata()))
    assert all(each.name and each.label and each.help_text for each in parsed.parameters)
    assert [each.name for each in parsed.parameters if each.is_optional] == ["options"]


@pytest.mark.parametrize(
    ("parameter", "value", "fits"),
    [
        ("config", "gs://bucket/in/massivetext.yaml", True),
        ("config", "massivetext.yaml", False),
        ("config", "gs://bucket", False),
        ("output", "gs://bucket/out", True),
        ("output", "s3://bucket/out", False),
        ("sdk_container_image", IMAGE, True),
        ("sdk_container_image", f"{IMAGE}@sha256:{'0' * 64}", True),
        ("sdk_container_image", IMAGE.replace(tag(), "latest"), False),
    ],
)
def test_patterns_are_posix(parameter: str, value: str, fits: bool):
    """As egrep reads them, which is how the service does."""
    found = [
        subprocess.run(["grep", "-qE", pattern], input=value, text=True).returncode == 0
        for pattern in PATTERNS[parameter]
    ]
    assert found == [fits]


@pytest.fixture(scope="module")
def inputs(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flex") / "in"
    shutil.copytree(sample / "news", folder / "news")
    (folder / "massivetext.yaml").write_text(CONFIG)
    return folder


@pytest.fixture(params=["here", "images"])
def launcher(request: pytest.FixtureRequest, service: Service, tmp_path: Path) -> list[str]:
    """The command that stands for Google's launcher; workers run where it does."""
    if request.param == "here":
        script = shutil.copy(ROOT / "pipeline/programs/dataflow_launcher.py", tmp_path / "launch.py")
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = [f"PATH={path}", f"FLEX_TEMPLATE_PYTHON_PY_FILE={script}"]
        return ["env", *environment, str(ROOT / "tests/cloud/launcher/python_template_launcher")]
    images = os.environ.get("IMAGE"), os.environ.get("FLEX_IMAGE")
    if not all(images):
        pytest.skip("needs the images of workers and template: make test-image")
    share = request.getfixturevalue("share_with_containers")
    share(variables={"STORAGE_EMULATOR_HOST": os.environ["STORAGE_EMULATOR_HOST"]})
    service.environment = DockerEnvironment(container_image=images[0])
    return ["docker", "run", "--rm", "--network=host", str(images[1])]


def test_the_template_starts_a_whole_run(
    launcher: list[str], service: Service, google, inputs: Path, massivetext
):
    google.put(inputs, "flex/in")
    parameters = {
        "config": "gs://lake/flex/in/massivetext.yaml",
        "output": "gs://lake/flex/out",
        "sdk_container_image": IMAGE,
        "options": f"--machine_type=n2-standard-8 --max_num_workers=20 --no_auth {service.endpoint}",
    }
    assert set(parameters) == set(PATTERNS)
    job = _launched(launcher, parameters, [*google.options, service.endpoint])
    assert service.submitted == []  # the job is the service's to start
    _check_job(job)
    answer = {"currentState": "JOB_STATE_RUNNING"}
    service.execute(job, answer)
    assert answer["currentState"] == "JOB_STATE_DONE"
    assert len({each["name"] for each in service.submitted}) == len(service.submitted) == 3
    assert {each["environment"]["workerPools"][0]["machineType"] for each in service.submitted} == {
        "n2-standard-8"
    }

    local = inputs.parent / "out"
    alone = "--direct_running_mode=in_memory"
    done = massivetext("run", str(inputs / "massivetext.yaml"), "--output", str(local), alone)
    assert done.returncode == 0, done.stderr
    paths = [path for folder in MADE for path in (local / folder).rglob("*") if path.is_file()]
    there = {name: data for name, data in google.get("flex/out").items() if name.split("/")[0] in MADE}
    assert there == {path.relative_to(local).as_posix(): path.read_bytes() for path in paths}
    files.delete_tree("gs://lake/flex")


def _launched(launcher: list[str], parameters: dict[str, str], reach: list[str]) -> dict[str, Any]:
    """The job that a launch staged, with the options that the service adds to the template's parameters."""
    launch = "gs://lake/flex/temp/staging/template_launches/2026-11-22_04_00_00-1/job_object"
    options = [
        "--runner=DataflowRunner",
        "--project=my-project",
        "--region=us-central1",
        "--job_name=massivetext-20261122",
        "--service_account_email=worker@my-project.iam.gserviceaccount.com",
        f"--template_location={launch}",
        "--temp_location=gs://lake/flex/temp",
        "--staging_location=gs://lake/flex/temp/staging",
    ]
    given = [f"--{name}={value}" for name, value in parameters.items()]
    done = subprocess.run([*launcher, *given, *options, *reach], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    job = json.loads(files.read_bytes(launch))
    assert isinstance(job, dict)
    return job


def _check_job(job: dict[str, Any]) -> None:
    assert job["name"] == "massivetext-20261122"
    [pool] = job["environment"]["workerPools"]
    assert [each["containerImage"] for each in pool["sdkHarnessContainerImages"]] == [IMAGE]
    assert pool["numWorkers"] == pool["autoscalingSettings"]["maxNumWorkers"] == 1
    assert job["environment"]["serviceAccountEmail"] == "worker@my-project.iam.gserviceaccount.com"
