"""A shard that gets no sequence."""

from pathlib import Path

from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.stages.mix.gather import Gather, ShardItem
from massivetext.pipeline.storage.output import Output


def test_a_shard_of_nothing_has_no_file(tmp_path: Path) -> None:
    """Hugging Face `datasets` and megatron-core cannot read one."""
    gather = Gather(str(tmp_path), ("web",), (), 16, 0, 2, tuple(FORMATS), 1)
    output = Output(str(tmp_path))
    assert gather(ShardItem(0), output).rows() == []
    assert output.files == []
    assert not any(path.is_file() for path in tmp_path.rglob("*"))
