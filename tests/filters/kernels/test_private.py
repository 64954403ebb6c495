"""Folders in the temporary directory are their owner's alone, or refused."""

import os
from pathlib import Path

import pytest

from massivetext.filters.kernels.private import UnsafeFolderError, private_folder


def test_a_new_folder_is_closed_to_others(tmp_path: Path) -> None:
    assert private_folder(tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert private_folder(tmp_path / "new") == tmp_path / "new"


def test_one_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(UnsafeFolderError, match="is open to other users"):
        private_folder(tmp_path / "open")


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnsafeFolderError, match="is a link"):
        private_folder(tmp_path / "link")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_one_of_another_user_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(mode=0o700)
    os.chown(tmp_path / "theirs", 12345, 12345)
    with pytest.raises(UnsafeFolderError, match="belongs to another user"):
        private_folder(tmp_path / "theirs")
