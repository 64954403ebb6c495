import gzip
import io
import tarfile

import pytest

from massivetext.pipeline.read.latex import papers
from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped

MAIN = r"""% a comment
\documentclass{article}
\newcommand{\mill}{tide mill}
\newcommand{\two}[2]{#1 #2}
\def\R{\mathbb{R}}
\title{On \\ Mills} % never seen
\begin{document}
\maketitle
\section{Intro}\label{sec:intro}
The \mill{} costs 5\% of $E=mc^2$ in $\R$~\cite{a}.% glued
Next \two{a}{b}.

\input{parts/second}
\begin{verbatim}
100% kept \label{x}
\end{verbatim}
\begin{equation}\label{e} a &= b_1 \end{equation}
\begin{comment} not seen \end{comment}
\bibliography{refs}
\begin{thebibliography}{9} \bibitem{a} Someone \end{thebibliography}
\end{document}
after the end
"""
TEXT = r"""\section{Intro}
The tide mill{} costs 5\% of $E=mc^2$ in $\mathbb{R}$~\cite{a}.Next \two{a}{b}.

The second part.
\begin{verbatim}
100% kept \label{x}
\end{verbatim}
\begin{equation} a &= b_1 \end{equation}"""
PARTS = {
    "main.tex": MAIN,
    "parts/second.tex": "The second part. % yes\n",
    "fig.eps": "%!PS",
    "old.tex": "\\relax",
}


def tar(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def read(data: bytes) -> list[Found]:
    return list(papers.read(Input("a", io.BytesIO(data))))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_archive_of_a_paper(pack: type[bytes]) -> None:
    (record,) = read(pack(tar(dict(PARTS))))
    assert isinstance(record, Record)
    assert record.text == TEXT
    assert (record.offset, record.title) == (0, "On Mills")


def test_a_file_alone() -> None:
    (record,) = read(MAIN.encode())
    assert isinstance(record, Record)
    assert record.text == TEXT.replace("The second part.\n", "")


def test_an_archive_of_papers_as_arxiv_has_them() -> None:
    outer = tar({
        "2301/2301.00001.gz": gzip.compress(tar(dict(PARTS))),
        "2301/2301.00002.gz": gzip.compress(MAIN.encode()),
        "2301/2301.00003.pdf": b"%PDF-1.4",
        "2301/2301.00004.gz": gzip.compress(tar(dict(PARTS)))[:-100],
    })  # fmt: skip
    first, second, skipped, *rest = read(outer)
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.text, second.title) == (TEXT, "On Mills")
    assert second.offset > first.offset > -1
    assert skipped == Skipped(papers.PDF_ALONE, 8)
    assert all(isinstance(each, Failure | Record) for each in rest)


def test_files_that_include_each_other_end() -> None:
    files: dict[str, str | bytes] = {
        "a.tex": "\\documentclass{x}\\begin{document}a\\input{b}",
        "b.tex": "b\\input{a}",
    }
    (record,) = read(tar(files))
    assert isinstance(record, Record)
    assert record.text.startswith("ab")


def test_what_holds_no_paper_is_told() -> None:
    (failure,) = read(b"\\documentclass{x}\\begin{document}\\end{document}")
    assert isinstance(failure, Failure)
    (failure,) = read(b'{"text": "a"}\n')
    assert isinstance(failure, Failure)
    assert "the file is JSON lines, and kind latex reads LaTeX files" in failure.error
    assert read(b"") == []
