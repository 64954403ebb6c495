"""The setting that keeps documents together in the mix, such as those of a repository."""

from typing import Literal

from massivetext.pipeline.config.section import Section


class Together(Section):
    """Documents that follow each other in the mix, so that a sequence holds neighbouring files."""

    by: str
    """The column whose value such documents share: `origin_file` for archives of one repository each, or a column that
    `columns.keep` keeps. Documents in different parts of the input do not come together."""
    order: Literal["path", "imports"] = "path"
    """Their order: by `title`, which is a file's path, or with each file after the files that it imports."""
