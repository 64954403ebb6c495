"""Makes the data set's description for machines: Croissant (ML Commons, format 1.0), in JSON-LD."""

from typing import Any

import orjson

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.stages.report.stats import Stats

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "samplingRate": "cr:samplingRate",
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_DOCUMENTS = {
    "id": ("sc:Text", "hex of a 128-bit hash of the source, the file and the offset in it"),
    "url": ("sc:URL", "the address of a page"),
    "title": ("sc:Text", "the document's title"),
    "language": ("sc:Text", "the language that fastText identifies"),
    "licence": ("sc:Text", "an SPDX expression, if one was found"),
    "text": ("sc:Text", "the document's text"),
    "origin_file": ("sc:Text", "the file that the document was read from"),
}
_SEQUENCES = {
    "shard": ("sc:Integer", "the number of the shard"),
    "sequence": ("sc:Integer", "the number of the sequence within it"),
    "source": ("sc:Text", "the source of the sequence's documents"),
    "tokens": ("sc:Integer", "the number of tokens without padding"),
}


def croissant(stats: Stats, config: Config, name: str, url: str, licence: str) -> bytes:
    """Returns the description. Its record sets are documents/ and the index of the shards."""
    described = (
        f"{name}: pre-training text of {len(config.sources)} sources ({', '.join(config.sources)}), filtered, "
        f"deduplicated and mixed into {sum(row.given for row in stats.mix.sources):,} tokens by massivetext."
    )
    value: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": name,
        "description": described,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "license": licence,
        "url": url,
        "version": "1.0.0",
        "citeAs": f"@misc{{{name}, title={{{name}}}, note={{run {stats.fingerprint}}}}}",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": "folder",
                "name": "folder",
                "description": "The output folder of the run.",
                "contentUrl": url,
                "encodingFormat": "git+https",
                "sha256": stats.fingerprint,
            },
            _files(
                "documents", "documents/*/*.parquet", "Every document that was read, with its measurements."
            ),
            _files("index", "shards/index.parquet", "The documents in each sequence of the shards."),
        ],
        "recordSet": [_records("documents", _DOCUMENTS), _records("index", _SEQUENCES)],
    }
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)


def _files(name: str, pattern: str, description: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{name}-files",
        "name": f"{name}-files",
        "description": description,
        "containedIn": {"@id": "folder"},
        "encodingFormat": "application/x-parquet",
        "includes": pattern,
    }


def _records(name: str, fields: dict[str, tuple[str, str]]) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{column}",
                "name": column,
                "description": description,
                "dataType": kind,
                "source": {"fileSet": {"@id": f"{name}-files"}, "extract": {"column": column}},
            }
            for column, (kind, description) in fields.items()
        ],
    }
