"""Writing the sample's files: compressors and archives that give the same bytes every time."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import zstandard

DATE = "2026-01-01T00:00:00Z"
EPOCH = (2026, 1, 1, 0, 0, 0)

SAMPLE = Path(__file__).resolve().parents[3] / "pipeline" / "sample"


def write(path: str, data: bytes) -> None:
    target = SAMPLE / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    print(f"{len(data):>9,}  {path}")


def gz(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def zst(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=19).compress(data)


def zipped(files: dict[str, bytes], stored: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()
