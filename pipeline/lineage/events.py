"""Makes OpenLineage events of a run and its stages: what began or ended, what it reads, and what it writes."""

import os.path
import posixpath
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from massivetext.pipeline.runtime.parts import records, rows
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.runtime.versions import versions
from massivetext.pipeline.stages.names import NAMES
from massivetext.pipeline.storage import files

Event = dict[str, Any]

_SPECIFICATION = "https://openlineage.io/spec"
_EVENT = f"{_SPECIFICATION}/2-0-2/OpenLineage.json#/$defs/RunEvent"
_RUN = "run"  # the job that all stages belong to


class State(StrEnum):
    """What became of a job, as OpenLineage names it."""

    START = "START"
    COMPLETE = "COMPLETE"
    FAIL = "FAIL"


class Events:
    """Makes the events of one command. Its stages are jobs, and name the whole run as their parent."""

    def __init__(self, run: Run, stages: Sequence[Stage]) -> None:
        self._run = run
        self._stages = stages
        self._namespace = run.config.run.name or "massivetext"
        self._began = datetime.now(UTC).isoformat()

    def whole(self, state: State, error: str) -> Event:
        """Returns an event of the whole run, which reads the sources' files and writes OUT."""
        facets = {"processing_engine": self._engine(), **self._failed(error)}
        return self._event(state, _RUN, facets, [*self._sources()], [_dataset(self._run.out)])

    def stage(self, stage: Stage, state: State, error: str) -> Event:
        """Returns an event of a stage, which reads the sources' files, or what stages before it wrote."""
        facets = {"parent": self._parent(), **self._failed(error)}
        inputs = [*self._sources()] if not stage.after else [*self._of_stages(stage.after)]
        outputs = [
            _dataset(self._run.path(folder), {"outputStatistics": self._statistics(stage.name, folder)})
            if state is State.COMPLETE
            else _dataset(self._run.path(folder))
            for folder in stage.outputs
        ]
        return self._event(state, stage.name, facets, inputs, outputs)

    def _event(
        self, state: State, job: str, facets: Event, inputs: Sequence[Event], outputs: Sequence[Event]
    ) -> Event:
        kind = {
            "processingType": "BATCH",
            "integration": "MASSIVETEXT",
            "jobType": "RUN" if job == _RUN else "STAGE",
        }
        about = {"description": NAMES.get(job, "From raw sources to token shards.")}
        return {
            "eventType": str(state),
            "eventTime": datetime.now(UTC).isoformat(),
            "producer": _producer(),
            "schemaURL": _EVENT,
            "run": {"runId": self._id(job), "facets": facets},
            "job": {
                "namespace": self._namespace,
                "name": job,
                "facets": {
                    "jobType": _facet("2-0-4/JobTypeJobFacet", kind),
                    "documentation": _facet("1-1-0/DocumentationJobFacet", about),
                },
            },
            "inputs": list(inputs),
            "outputs": list(outputs),
        }

    def _id(self, job: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{os.path.abspath(self._run.out)} {self._began} {job}"))

    def _parent(self) -> Event:
        job = {"namespace": self._namespace, "name": _RUN}
        return _facet("1-2-0/ParentRunFacet", {"run": {"runId": self._id(_RUN)}, "job": job})

    def _engine(self) -> Event:
        found = versions()
        about = {"name": "Apache Beam", "version": found["apache-beam"]}
        return _facet(
            "1-1-1/ProcessingEngineRunFacet", {**about, "openlineageAdapterVersion": found["massivetext"]}
        )

    def _failed(self, error: str) -> Event:
        if not error:
            return {}
        about = {"message": error, "programmingLanguage": "PYTHON"}
        return {"errorMessage": _facet("1-0-1/ErrorMessageRunFacet", about)}

    def _sources(self) -> Iterator[Event]:
        """A data set for each glob of each source, with the size of all files of the source."""
        for name, source in self._run.config.sources.items():
            origins = self._run.origins[name]
            statistics = {"fileCount": len(origins), "size": sum(origin.bytes for origin in origins)}
            for path in source.paths:
                facets = {"inputStatistics": _facet("1-0-0/InputStatisticsInputDatasetFacet", statistics)}
                yield _dataset(self._run.loaded.resolve(path), input_facets=facets)

    def _of_stages(self, names: Sequence[str]) -> Iterator[Event]:
        for stage in self._stages:
            if stage.name in names:
                yield from (_dataset(self._run.path(folder)) for folder in stage.outputs)

    def _statistics(self, stage: str, folder: str) -> Event:
        """The files and bytes of a folder, as the records of parts name them, and its documents where they count."""
        written = [
            each
            for record in records(self._run.out, f"{stage}/**")
            for each in record.files
            if each.path.startswith(f"{folder}/")
        ]
        found: Event = {"size": sum(each.bytes for each in written), "fileCount": len(written)}
        tally = Tally.of(rows(self._run.out, f"{stage}/**"))
        sources = self._run.config.sources
        if folder == "documents":
            read, failed = (
                sum(tally.count(source, figure).documents for source in sources)
                for figure in (Figure.READ, Figure.FAILED)
            )
            found["rowCount"] = read - failed
        if folder == "tokens":
            found["rowCount"] = sum(tally.count(source, Figure.TOKENIZED).documents for source in sources)
        return _facet("1-0-2/OutputStatisticsOutputDatasetFacet", found)


def _dataset(path: str, output_facets: Event | None = None, input_facets: Event | None = None) -> Event:
    """A data set by OpenLineage's naming: the store as the namespace, the path within it as the name."""
    if files.is_remote(path):
        address = urlsplit(path)
        namespace, name = f"{address.scheme}://{address.netloc}", address.path.lstrip("/")
    else:
        namespace, name = "file", posixpath.abspath(path)
    found: Event = {"namespace": namespace, "name": name, "facets": {}}
    if output_facets:
        found["outputFacets"] = output_facets
    if input_facets:
        found["inputFacets"] = input_facets
    return found


def _facet(schema: str, values: Event) -> Event:
    name = schema.rpartition("/")[2]
    url = f"{_SPECIFICATION}/facets/{schema}.json#/$defs/{name}"
    return {"_producer": _producer(), "_schemaURL": url, **values}


def _producer() -> str:
    return f"urn:massivetext:{versions()['massivetext']}"
