"""Lists that are declared one entry a file."""

import pytest

from massivetext.filters import families
from massivetext.filters.discover import declared
from massivetext.filters.families import FAMILIES


def test_every_file_that_declares_an_entry_is_found() -> None:
    found = declared(families.__name__, families.__path__, "FAMILY")
    assert {family.name for family in found} == set(FAMILIES)
    assert len(found) == len(FAMILIES), "each name once"


def test_files_that_declare_none_are_left_out() -> None:
    assert declared(families.__name__, families.__path__, "NOTHING_BEARS_THIS_NAME") == []


def test_modules_of_other_packages_are_never_imported() -> None:
    with pytest.raises(ValueError, match="only lists of this package"):
        declared("json", [], "FAMILY")
