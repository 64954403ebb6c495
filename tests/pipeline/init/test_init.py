"""`massivetext init FOLDER`: the configuration it writes reads what lies there."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner, Result

from massivetext.pipeline.cli import main
from tests.paths import SAMPLE
from tests.pipeline.read.formats.test_pdf import pdf
from tests.pipeline.read.test_web_index import ARCHIVE

TEXT = "The library of the harbour town was to be opened again in the spring of that year."


def massivetext(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    contents = {
        "crawl/2024/a.warc.gz": ARCHIVE,
        "news/a.jsonl": json.dumps({"body": TEXT, "n": 1}).encode(),
        "news/b.jsonl.gz": gzip.compress(json.dumps({"body": TEXT}).encode()),
        "my books/one.txt": TEXT.encode(),
        "my books/two.pdf": pdf([TEXT]),
        "pictures/a.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "empty/a.jsonl": b"",
        "numbers/a.csv": b"a,b\n1,2\n",
        "loose.csv": f"id,text\n1,{TEXT}\n".encode(),
        "README.md": b"about",
    }
    for name, content in contents.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(content)
    pq.write_table(pa.table({"content": ["print(1)"], "path": ["a.py"]}), data / "the-stack.parquet")
    (data / "stack").mkdir()
    (data / "the-stack.parquet").rename(data / "stack/a.parquet")
    return data


def test_what_lies_there_is_read(tmp_path: Path, data: Path) -> None:
    path = tmp_path / "c.yaml"
    done = massivetext("init", str(data), "--to", str(path))
    assert done.exit_code == 0, done.output
    sources = yaml.safe_load(path.read_text())["sources"]
    assert {name: (source["kind"], source["paths"]) for name, source in sources.items()} == {
        "crawl": ("web", ["data/crawl/**/*.warc.gz"]),
        "my-books": ("books", ["data/my books/**/*.txt", "data/my books/**/*.pdf"]),
        "news": ("news", ["data/news/**/*.jsonl", "data/news/**/*.jsonl.gz"]),
        "stack": ("code", ["data/stack/**/*.parquet"]),
        "text": ("text", ["data/*.csv"]),
    }
    assert sources["news"]["columns"] == {"text": "body"}
    written = path.read_text()
    for told in ("pictures/**/*.png (1 files): a PNG image", "empty/**/*.jsonl (1 files): empty", "numbers/"):
        assert f"# not read: {told}" in written
    checked = massivetext("check", str(path))
    assert checked.exit_code == 0, checked.output


def test_a_folder_elsewhere_is_named_whole(tmp_path: Path, data: Path) -> None:
    (tmp_path / "there").mkdir()
    path = tmp_path / "there/c.yaml"
    assert massivetext("init", str(data), "--to", str(path)).exit_code == 0
    assert yaml.safe_load(path.read_text())["sources"]["crawl"]["paths"] == [f"{data}/crawl/**/*.warc.gz"]


def test_a_folder_without_data_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    done = massivetext("init", str(tmp_path), "--to", str(tmp_path / "c.yaml"))
    assert done.exit_code == 2
    assert "holds no file in a format that any kind of source reads" in done.output
    assert not (tmp_path / "c.yaml").exists()


def test_the_sample(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    assert massivetext("init", str(SAMPLE), "--to", str(path)).exit_code == 0
    kinds = {name: source["kind"] for name, source in yaml.safe_load(path.read_text())["sources"].items()}
    assert (
        kinds.items()
        >= {
            "web": "web",
            "books": "books",
            "c4": "text",
            "news": "news",
            "code": "code",
            "wikipedia": "wikipedia",
        }.items()
    )
    assert massivetext("check", str(path)).exit_code == 0
