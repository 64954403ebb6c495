import pyarrow as pa

from massivetext.filters.families.licence import LicenceRule

EXCEPTED = [
    "GPL-2.0-only WITH Classpath-exception-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "MIT WITH something",
    None,
]
CODE = pa.record_batch({"licence": pa.array(EXCEPTED)})


def test_a_licence_with_an_exception_counts_as_the_licence() -> None:
    """Exceptions of SPDX only add permissions; what is no exception of SPDX adds nobody knows what."""
    assert LicenceRule(("Apache-2.0", "MIT")).broken(CODE).tolist() == [True, False, True, True]
    assert LicenceRule(("GPL-2.0-only",)).broken(CODE).tolist() == [False, True, True, True]


def test_with_binds_tighter_than_and_and_or() -> None:
    expressions = [
        "MIT AND GPL-2.0-only WITH Classpath-exception-2.0",
        "MIT OR GPL-2.0-only WITH GCC-exception-2.0",
    ]
    code = pa.record_batch({"licence": pa.array(expressions)})
    assert LicenceRule(("MIT",)).broken(code).tolist() == [True, False]
