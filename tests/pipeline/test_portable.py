"""What engines other than the local runner need of the pipelines and options they are given."""

import apache_beam as beam
import pytest

from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.shuffle import Shuffle
from massivetext.pipeline.runtime.spread import spread
from massivetext.pipeline.stages.deduplicate.rounds import Rounds

# org.apache.beam.sdk.options.SdkHarnessOptions.LogLevel
JAVA_LEVELS = {"OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"}


@pytest.mark.parametrize("is_rounds", [False, True], ids=["work", "rounds"])
def test_a_reshuffle_has_one_coder_on_both_sides(is_rounds: bool):
    """Flink passes encoded elements on as they are."""
    pipeline = Engine(["--direct_running_mode=in_memory"]).grouping_pipeline("step")
    elements = spread("out", "step", pipeline, ["members-0.npy"])
    _ = Rounds("out", 0, 4, 0.8).grouped(elements, Shuffle()) if is_rounds else elements | beam.Map(print)
    components = pipeline.to_runner_api().components
    reshuffles = [t for t in components.transforms.values() if t.spec.urn == "beam:transform:reshuffle:v1"]
    assert reshuffles
    for reshuffle in reshuffles:
        sides = [*reshuffle.inputs.values(), *reshuffle.outputs.values()]
        assert len({components.pcollections[name].coder_id for name in sides}) == 1, reshuffle.unique_name


@pytest.mark.parametrize(
    ("given", "level"), [((), "WARN"), (("--default_sdk_harness_log_level=DEBUG",), "DEBUG")]
)
def test_the_log_level_is_one_that_java_knows(given: tuple[str, ...], level: str):
    options = Engine(["--runner=FlinkRunner", *given]).options.get_all_options()
    assert options["default_sdk_harness_log_level"] == level
    assert level in JAVA_LEVELS
