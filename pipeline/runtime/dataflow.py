"""Dataflow: checks the options before anything runs, and runs one job for each step."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import (
    DebugOptions,
    GoogleCloudOptions,
    PipelineOptions,
    WorkerOptions,
)

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime.parts import StageError
from massivetext.pipeline.runtime.versions import tag
from massivetext.pipeline.storage import files, object_store

_GUESSED_WORKERS = 16  # if neither --max_num_workers nor --num_workers is given
_JOB_NAME = 63  # the most characters of a label; the job's name becomes one


def cores(options: PipelineOptions) -> int:
    """Estimates the cores of a job from the options. Work is spread over twice as many groups."""
    worker = options.view_as(WorkerOptions)
    machine = re.search(r"-(\d+)(?:-|$)", worker.machine_type or "n1-standard-1")
    return int(worker.max_num_workers or worker.num_workers or _GUESSED_WORKERS) * int(
        machine[1] if machine else 1
    )


def check(options: PipelineOptions, out: str, inputs: Iterator[str]) -> None:
    """Raises ConfigError, before anything runs, for faults that a job would show only after minutes.

    `inputs` are the files that workers read. Faults that only the service knows, such as quotas and permissions of the
    workers' account, are not found here.
    """
    wrong = list(_wrong_options(options, out, inputs))
    wrong = wrong or list(_wrong_places(options, out))  # no request is made if options are wrong
    if wrong:
        raise ConfigError("this cannot run on Dataflow:\n" + "\n".join(f"- {each}" for each in wrong))


def _wrong_options(options: PipelineOptions, out: str, inputs: Iterator[str]) -> Iterator[str]:
    google, worker = options.view_as(GoogleCloudOptions), options.view_as(WorkerOptions)
    for name, example in (
        ("project", "my-project"),
        ("region", "europe-west4"),
        ("temp_location", "gs://my-bucket/temp"),
    ):
        if not getattr(google, name):
            yield f"--{name} is missing, such as --{name}={example}"
    for name in ("temp_location", "staging_location"):
        value = getattr(google, name)
        if value and not re.fullmatch(r"gs://[^/]{2,}/.+", value):
            yield f"--{name}={value}: expected gs://BUCKET/FOLDER"
    if not out.startswith("gs://"):
        yield f"--output {out}: workers cannot write there: expected gs://BUCKET/FOLDER"
    for path in inputs:
        if not files.is_remote(path):
            yield f"{path}: workers cannot read it: copy it into a bucket, and the configuration beside it"
            break
    yield from _wrong_image(worker.sdk_container_image, google.region)
    if worker.worker_zone and google.region and not worker.worker_zone.startswith(google.region + "-"):
        yield f"--worker_zone={worker.worker_zone} is not in --region={google.region}"
    services = google.dataflow_service_options or []
    if google.flexrs_goal and "enable_prime" in services:
        yield "--flexrs_goal and Dataflow Prime (--dataflow_service_options=enable_prime) exclude each other"


def _wrong_image(image: str | None, region: str | None) -> Iterator[str]:
    wanted = f"REPOSITORY/massivetext:{tag()}"
    if not image:
        yield f"--sdk_container_image is missing: expected {wanted}, see docs/dataflow.md"
        return
    repository, _, found = image.partition("@")[0].rpartition(":")
    if "/" in found or not repository or found != tag():
        yield (
            f"--sdk_container_image={image}: expected the tag {tag()}, which says that it holds this version of "
            "massivetext: build and push it as docs/dataflow.md says"
        )
    host = re.match(r"([a-z]+(?:-[a-z]+\d+)?)-docker\.pkg\.dev/", image)
    if host and region and not _is_in(region, host[1]):
        yield f"--sdk_container_image={image} is not in --region={region}: every worker would pull it from afar"


def _wrong_places(options: PipelineOptions, out: str) -> Iterator[str]:
    google = options.view_as(GoogleCloudOptions)
    folders = {
        "--output": out,
        "--temp_location": google.temp_location,
        "--staging_location": google.staging_location,
    }
    seen: set[str] = set()
    for name, folder in folders.items():
        if not folder or (bucket := folder.split("/")[2]) in seen:
            continue
        seen.add(bucket)
        try:
            location = object_store.location(folder)
            _try_to_write(folder)
        except OSError as error:
            yield f"{name} {folder}: the bucket cannot be used: {error}"
            continue
        if not _is_in(google.region, location):
            yield (
                f"{name} {folder}: the bucket is in {location}, the workers would be in --region={google.region}: "
                "everything they read would be billed as traffic between regions"
            )


def _try_to_write(folder: str) -> None:
    probe = f"{folder.rstrip('/')}/massivetext-probe-{uuid.uuid4().hex}"
    object_store.put(probe, b"may this launcher write here?")
    object_store.delete(probe)


def _is_in(region: str, location: str) -> bool:
    """Whether a region is the location, or is in a multi-region such as EU or us."""
    location = location.lower()
    continent = {"eu": "europe"}.get(location, location)
    return region == location or region.split("-")[0] == continent


class Job(beam.Pipeline):
    """A pipeline that runs as one job with the name of its step. If the command is stopped, so is the job."""

    def __init__(self, options: PipelineOptions, step: str) -> None:
        super().__init__(options=options)
        # Else Beam runs `pip list` here for every job. The manifest has the versions that matter.
        self.options.view_as(DebugOptions).add_experiment("disable_logging_submission_environment")
        google = self.options.view_as(GoogleCloudOptions)
        name = f"{google.job_name or 'massivetext'}-{step}".lower()
        google.job_name = re.sub(r"[^a-z0-9]+", "-", name)[:_JOB_NAME].strip("-")
        self._step = step

    def __exit__(self, *error: Any) -> None:
        try:
            super().__exit__(*error)
        except KeyboardInterrupt:
            if getattr(self, "result", None) is not None:
                self.result.cancel()
            raise
        except Exception as failure:
            raise StageError(
                f"{self._step}: its Dataflow job failed: {failure}\n"
                "The finished parts are kept: the same command goes on from them."
            ) from failure
