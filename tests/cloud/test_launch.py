"""The command of a run as a job of one element, as the flex template starts it. Needs no cloud."""

import json
import re

import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from massivetext.pipeline.programs import dataflow_launcher
from massivetext.pipeline.runtime.versions import tag
from tests.paths import ROOT

TEMPLATE = ROOT / "docker/flex-template.json"


def test_options_of_the_job_are_handed_on_and_the_runs_own_win():
    options = PipelineOptions(
        [
            "--project=p",
            "--region=r",
            "--temp_location=gs://b/t",
            "--sdk_container_image=i",
            "--machine_type=e2-small",
        ]
    )
    got = dataflow_launcher.command(
        "gs://b/c.yaml", "gs://b/out", "--max_num_workers=9 --region=other", options
    )
    assert got == [
        *("run", "gs://b/c.yaml", "--output", "gs://b/out", "--runner=DataflowRunner"),
        *("--project=p", "--region=r", "--temp_location=gs://b/t", "--sdk_container_image=i"),
        *("--max_num_workers=9", "--region=other"),
    ]


def test_the_command_runs_in_the_job_and_its_last_words_are_kept():
    with pytest.raises(RuntimeError, match=r"status 2:\n.*nowhere.yaml: cannot be read"):
        dataflow_launcher.main(["--config=/nowhere.yaml", "--output=gs://bucket/out", "--runner=FnApiRunner"])


def test_the_template_asks_for_what_the_command_takes():
    template = json.loads(TEMPLATE.read_text())
    assert {each["name"] for each in template["parameters"]} == {
        "config",
        "output",
        "options",
        "sdk_container_image",
    }
    patterns = {each["name"]: each.get("regexes", [".*"])[0] for each in template["parameters"]}
    assert re.search(patterns["sdk_container_image"], f"us-docker.pkg.dev/p/r/massivetext:{tag()}")
    assert re.search(patterns["config"], "gs://bucket/massivetext.yaml")
