"""Shards read by the libraries they are for. `make test-readers` installs these, and runs this file."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.shards.format import Shard

LENGTH = 64


@pytest.fixture(params=[np.uint16, np.uint32])
def shards(request: pytest.FixtureRequest) -> list[Shard]:
    """Two, of 40 and 25 sequences."""
    dtype, random = request.param, np.random.default_rng(5)
    highest = 50_000 if dtype == np.uint16 else 250_000
    made = []
    for count in (40, 25):
        tokens = random.integers(0, highest, (count, LENGTH)).astype(dtype)
        lengths = pa.array(
            [[LENGTH - 9, 6] if i % 2 else [LENGTH] for i in range(count)], pa.list_(pa.int32())
        )
        made.append(Shard(tokens, lengths, pa.array([f"büch {i % 3}" for i in range(count)], pa.string())))
    return made


def save(shards: list[Shard], name: str, folder: Path) -> list[Path]:
    """Write shards as mix does, the format's index included; returns their paths without suffixes."""
    stems = [folder / f"shard-{number:05d}" for number in range(len(shards))]
    files = [FORMATS[name].write(shard, stem)[0] for shard, stem in zip(shards, stems, strict=True)]
    if FORMATS[name].index:
        file, index = FORMATS[name].index
        (folder / file).write_bytes(
            index((path.name, path.stat().st_size, path.open("rb")) for path in files)
        )
    return stems


def tokens(shards: list[Shard]) -> np.ndarray:
    return np.concatenate([shard.tokens for shard in shards])


def rows(shards: list[Shard]) -> list[tuple[list[int], list[int], str]]:
    return [
        row
        for shard in shards
        for row in zip(
            shard.tokens.tolist(), shard.document_lengths.to_pylist(), shard.sources.to_pylist(), strict=True
        )
    ]


def test_datasets_reads_parquet(shards: list[Shard], tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="Hugging Face datasets is not installed")
    folder = tmp_path / "shards"
    folder.mkdir()
    save(shards, "parquet", folder)
    found = datasets.load_dataset(
        "parquet", data_files=str(folder / "*.parquet"), split="train", cache_dir=str(tmp_path / "cache")
    )
    assert [(row["input_ids"], row["document_lengths"], row["source"]) for row in found] == rows(shards)
    streamed = datasets.load_dataset(
        "parquet", data_files=str(folder / "*.parquet"), split="train", streaming=True
    )
    assert [row["input_ids"] for row in streamed.skip(38).take(4)] == tokens(shards)[38:42].tolist()


def test_streaming_reads_mds(shards: list[Shard], tmp_path: Path) -> None:
    streaming = pytest.importorskip("streaming", reason="mosaicml-streaming is not installed")
    save(shards, "mds", tmp_path)
    found = streaming.StreamingDataset(local=str(tmp_path), shuffle=False, batch_size=1)
    assert [
        (row["tokens"].tolist(), row["document_lengths"].tolist(), row["source"]) for row in found
    ] == rows(shards)
    assert found[41]["tokens"].dtype == shards[0].tokens.dtype


@pytest.mark.parametrize("mmap", [True, False])
def test_megatron_core_reads_bin_and_idx(shards: list[Shard], tmp_path: Path, mmap: bool) -> None:
    module = pytest.importorskip(
        "megatron.core.datasets.indexed_dataset", reason="megatron-core is not installed"
    )
    for shard, stem in zip(shards, save(shards, "megatron", tmp_path), strict=True):
        found = module.IndexedDataset(str(stem), mmap=mmap)
        assert len(found) == len(shard.tokens)
        assert [found[i].tolist() for i in range(len(found))] == shard.tokens.tolist()
        assert found.document_indices.tolist() == list(range(len(shard.tokens) + 1))


def test_megatron_core_trains_on_exactly_our_sequences(shards: list[Shard], tmp_path: Path) -> None:
    """GPTDataset shuffles and splits them, and cuts none: each is one sample of one split, whole."""
    gpt = pytest.importorskip("megatron.core.datasets.gpt_dataset", reason="megatron-core is not installed")
    from megatron.core.datasets.blended_megatron_dataset_builder import BlendedMegatronDatasetBuilder

    stems = save(shards, "megatron", tmp_path)
    vocabulary = 60_000 if shards[0].tokens.dtype == np.uint16 else 300_000
    config = gpt.GPTDatasetConfig(
        random_seed=1,
        sequence_length=LENGTH,
        blend=([str(stems[0])], None),
        split="80,15,5",
        path_to_cache=str(tmp_path / "cache"),
        tokenizer=SimpleNamespace(vocab_size=vocabulary, eod=2, pad=vocabulary - 1, unique_identifiers={}),
        reset_position_ids=False,
        reset_attention_mask=False,
        eod_mask_loss=False,
        create_attention_mask=False,
        add_extra_token_to_sequence=False,
    )
    splits = BlendedMegatronDatasetBuilder(gpt.GPTDataset, [32, 6, 2], lambda: True, config).build()
    samples = [sample for split in splits for sample in split]
    assert [len(split) for split in splits] == [32, 6, 2]
    assert sorted(sample["tokens"].tolist() for sample in samples) == sorted(shards[0].tokens.tolist())
    for sample in samples:
        assert sample["labels"][:-1].tolist() == sample["tokens"][1:].tolist()
        assert sample["loss_mask"].tolist() == [1.0] * (LENGTH - 1) + [0.0]


def test_grain_reads_array_record(shards: list[Shard], tmp_path: Path) -> None:
    grain = pytest.importorskip("grain", reason="Grain is not installed")
    stems = save(shards, "array_record", tmp_path)
    source = grain.sources.ArrayRecordDataSource([f"{stem}.array_record" for stem in stems])
    assert len(source) == len(tokens(shards))


def test_datatrove_reads_ds(shards: list[Shard], tmp_path: Path) -> None:
    """As nanotron does: windows of seq_len + 1 tokens, and each token's place in its document."""
    datasets = pytest.importorskip("datatrove.utils.dataset", reason="datatrove is not installed")
    save(shards, "nanotron", tmp_path)
    size = shards[0].tokens.itemsize
    found = datasets.DatatroveFolderDataset(
        str(tmp_path), LENGTH - 1, token_size=size, return_positions=True, shuffle=False
    )
    assert len(found) == len(tokens(shards))
    assert [found[i]["input_ids"].tolist() for i in range(len(found))] == tokens(shards).tolist()
    for i, (_, lengths, _) in enumerate(rows(shards)):
        expected = [place for length in [*lengths, LENGTH - sum(lengths)] for place in range(length)]
        assert found[i]["positions"].tolist() == expected


def test_litdata_reads_chunks(shards: list[Shard], tmp_path: Path) -> None:
    """As LitGPT does: blocks of so many tokens."""
    litdata = pytest.importorskip("litdata", reason="LitData is not installed")
    save(shards, "litdata", tmp_path)
    loader = litdata.TokensLoader(block_size=LENGTH)
    found = litdata.StreamingDataset(str(tmp_path), item_loader=loader, shuffle=False)
    assert [found[i].tolist() for i in range(len(found))] == tokens(shards).tolist()


def test_olmo_core_reads_npy(shards: list[Shard], tmp_path: Path) -> None:
    """Its dataset of fixed sequences, and its reader of the places of documents."""
    olmo = pytest.importorskip("olmo_core.data", reason="OLMo-core is not installed")
    from olmo_core.data.numpy_dataset import NumpyFSLDataset
    from olmo_core.data.utils import iter_document_indices

    stems = save(shards, "olmo", tmp_path)
    name = shards[0].tokens.dtype.name
    paths = [f"{stem}.{name}.npy" for stem in stems]
    found = NumpyFSLDataset(
        *paths, sequence_length=LENGTH, pad_token_id=0, eos_token_id=1, vocab_size=300_000,
        dtype=olmo.NumpyDatasetDType(name).as_np_dtype(),
    )  # fmt: skip
    found.prepare()
    assert [found[i]["input_ids"].tolist() for i in range(len(found))] == tokens(shards).tolist()
    for path, shard in zip(paths, shards, strict=True):
        places = list(iter_document_indices(path, use_array_if_local=False))
        expected = []
        for row, lengths in enumerate(shard.document_lengths.to_pylist()):
            at = row * LENGTH
            for length in lengths:
                expected.append((at, at + length))
                at += length
        assert places == expected


def test_megatron_core_sees_documents(shards: list[Shard], tmp_path: Path) -> None:
    """In the other format for Megatron: every run is a document, and no padding is read."""
    module = pytest.importorskip(
        "megatron.core.datasets.indexed_dataset", reason="megatron-core is not installed"
    )
    for shard, stem in zip(shards, save(shards, "megatron_documents", tmp_path), strict=True):
        found = module.IndexedDataset(str(stem))
        expected = []
        for row, lengths in zip(shard.tokens.tolist(), shard.document_lengths.to_pylist(), strict=True):
            at = 0
            for length in lengths:
                expected.append(row[at : at + length])
                at += length
        assert [found[i].tolist() for i in range(len(found))] == expected
        assert found.document_indices.tolist() == list(range(len(expected) + 1))
