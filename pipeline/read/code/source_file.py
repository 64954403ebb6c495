"""Decides by path and content which files of a repository are source code that people wrote."""

import codecs
import re
from pathlib import PurePosixPath

from massivetext.pipeline.read.formats.charset import Decoded, decode_text

SUFFIXES = frozenset(
    """
    ada adb ads agda ahk al applescript asm s as awk bas bash bat bats bzl c cc cpp cxx c++ h hh hpp hxx
    h++ inl ipp clj cljc cljs cl lisp el cmake cmd cob cbl coffee cr cs csh css cu cuh cypher d dart dfy
    dpr e elm erl hrl ex exs f f77 f90 f95 f03 f08 for fish fs fsi fsx fth gd glsl vert frag geom comp
    go gql graphql gradle groovy hack haml hbs hcl hs lhs hx html htm idr idris ino ipynb java jl js jsx mjs
    cjs jsonnet jsp kt kts lean less liquid lua m mm mk ml mli mll mly move mustache nim nix nqp pas pp
    php phtml pl pm t plsql pony prolog pro proto ps1 psm1 psd1 purs py pyi pyx pxd pxi qml r rmd rb
    rake gemspec re rei rkt robot rs sass scad scala sc scm ss scss sed sh sml sig fun sol sparql sql st
    sv svh svelte swift tcl tex sty cls tf thrift ts tsx mts cts v vh vala vb vbs vhd vhdl vim vue wat
    wgsl wren xsl xslt xq xquery yml yaml zig zsh
    """.split()  # noqa: SIM905
)
"""The suffixes of common languages and of build files, lower-cased."""

NAMES = frozenset(
    """
    makefile gnumakefile bsdmakefile dockerfile containerfile vagrantfile rakefile gemfile podfile
    brewfile justfile procfile jenkinsfile cmakelists.txt meson.build meson_options.txt configure.ac
    configure.in makefile.am makefile.in build build.bazel workspace module.bazel sconstruct sconscript
    wscript go.mod pom.xml build.xml requirements.txt setup.py readme readme.md readme.rst readme.txt
    readme.adoc readme.org .bashrc .bash_profile .bash_aliases .bash_logout .profile .zshrc .zprofile .zshenv
    .vimrc .gvimrc .emacs .tmux.conf .gitlab-ci.yml .eslintrc.js .babelrc.js .gemspec .irbrc .pryrc .pythonrc
    """.split()  # noqa: SIM905
)
"""Build files and READMEs, lower-cased."""

LOCKED = frozenset({"pnpm-lock.yaml", "pnpm-lock.yml"})  # other lock files' suffixes are no language's
VENDORED = frozenset(
    """
    node_modules bower_components jspm_packages vendor vendors vendored _vendor _vendored third_party
    thirdparty third-party 3rdparty 3rd-party 3rd_party external externals godeps pods carthage
    site-packages .git .svn .hg .yarn
    """.split()  # noqa: SIM905
)
MINIFIED_SUFFIXES = (".js", ".mjs", ".cjs", ".css")
MINIFIED_MEAN = 110  # JavaScript and CSS with more characters in a mean line are minified (github/linguist)
GENERATED = re.compile(
    r"@generated|do not (?:edit|modify)|don't edit|auto-?generated|automatically generated"
    r"|machine[- ]generated"
    r"|(?:was|is|been|file|code) generated (?:by|from|with|using)|^[^\w\n]*generated (?:by|from)",
    re.IGNORECASE | re.MULTILINE,
)

NOT_NAMED = "no source code by its name"
SHEBANG = re.compile(rb"(?:\xef\xbb\xbf)?#! ?/[\w./+-]+")
CODING = re.compile(rb"(?:[^\n]*\n)?[ \t\f]*(?:#|//|/\*|--|;|%|\"|<!--)[^\n]*?coding[:=][ \t]*([-\w.]+)")
CODING_BYTES = 1024
WIDE = (b"\xff\xfe", b"\xfe\xff")  # the byte-order marks of UTF-16
CONTROL = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
MOST_CONTROL = 0.01  # of a text's bytes

COMMENT_LINES = 300
COMMENT_CHARACTERS = 1 << 14
LINE_COMMENTS = ("#", "//", "--", ";", "%", "!", "*", "'", "dnl ", "rem ", "@rem ", '.\\"', "..", "<?")
PROLOGUE = ("package ", "module ", "'use strict'", '"use strict"', "<!doctype", "from __future__")
BLOCKS = {"/*": "*/", '"""': '"""', "'''": "'''", "<!--": "-->", "{-": "-}", "(*": "*)", "--[[": "]]"}


def no_source(path: str) -> str | None:
    """Returns why a path is not source code; None for a source file, build file or README outside vendored folders."""
    name = PurePosixPath(path.lower())
    if is_vendored(path):
        return "vendored"
    if name.name in LOCKED:
        return "lock file"
    if ".min." in name.name:
        return "minified"
    return None if name.name in NAMES or name.suffix[1:] in SUFFIXES else NOT_NAMED


def is_script(path: str, content: bytes) -> bool:
    """Whether a file without a suffix begins as a script that names its interpreter: `#!/bin/sh`."""
    return not PurePosixPath(path).suffix and SHEBANG.match(content) is not None


def is_vendored(path: str) -> bool:
    """Whether a folder of the path holds other projects' code."""
    return not VENDORED.isdisjoint(path.lower().split("/")[:-1])


def decode(content: bytes) -> Decoded | None:
    """Returns the text of a source file; None for a binary file.

    The encoding is that of the byte-order mark, else UTF-8, else the one that a comment in the first two lines states
    (as in Python, Emacs and Vim), else it is detected.
    """
    stated = None if _is_unicode(content) else CODING.match(content[:CODING_BYTES])
    if stated:
        try:
            charset = codecs.lookup(stated[1].decode("ascii").lower().removesuffix("-unix"))
            return _text(Decoded(charset.decode(content, "strict")[0], charset.name, "declared"))
        except (LookupError, UnicodeError):
            pass  # the statement is wrong, so the bytes decide
    if not content.startswith(WIDE) and len(CONTROL.findall(content)) > MOST_CONTROL * len(content):
        return None
    return _text(decode_text(content))


def _is_unicode(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return content.startswith(WIDE)
    return True


def _text(decoded: Decoded) -> Decoded | None:
    """Returns the text; None if it holds NUL characters, or if too much of it could not be decoded."""
    unread = decoded.text.count("\ufffd") > MOST_CONTROL * len(decoded.text)
    return None if "\0" in decoded.text or unread else decoded


def not_written(path: str, text: str, comment: str) -> str | None:
    """Returns `minified`, or `generated` by its leading comment, for a text that people did not write; else None."""
    if path.lower().endswith(MINIFIED_SUFFIXES) and len(text) > MINIFIED_MEAN * (text.count("\n") + 1):
        return "minified"
    return "generated" if GENERATED.search(comment) else None


def leading_comment(text: str) -> str:
    """Returns the comments before a file's first code, in the syntax of most languages; at most some 16 kB."""
    lines: list[str] = []
    closer = ""
    for line in text[:COMMENT_CHARACTERS].split("\n", COMMENT_LINES)[:COMMENT_LINES]:
        stripped = line.strip()
        if closer:
            closer = "" if closer in stripped else closer
        elif opener := next((each for each in BLOCKS if stripped.lstrip("rRuU").startswith(each)), ""):
            after = stripped[stripped.index(opener) + len(opener) :]
            closer = "" if BLOCKS[opener] in after else BLOCKS[opener]
        elif stripped and not stripped.lower().startswith((*LINE_COMMENTS, *PROLOGUE)):
            break
        lines.append(line)
    return "\n".join(lines)
