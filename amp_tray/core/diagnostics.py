"""What could not be used, said beside what could: a code, a place and a sentence."""

from enum import StrEnum
from typing import NamedTuple


class Code(StrEnum):
    """The closed set of diagnostics; the value is what JSON and the doctor show."""

    UNREADABLE_FILE = "unreadable-file"
    TOO_LARGE = "too-large"
    TORN_FILE = "torn-file"
    NOT_A_THREAD = "not-a-thread"
    BAD_RECORD = "bad-record"
    IMPLAUSIBLE_COUNT = "implausible-count"
    UNREADABLE_ROOT = "unreadable-root"
    LEDGER = "ledger"
    PRICES = "prices"


def code_named(text: str) -> Code:
    """Return a stored code; one of a newer version, which this one does not know, is general."""
    return Code(text) if text in set(Code) else Code.BAD_RECORD


class Diagnostic(NamedTuple):
    """One thing that could not be used.

    Attributes:
        code: which kind of trouble.
        path: the file or directory, as the system spells it (uncleaned).
        message: one sentence for a person; never file content.
    """

    code: Code
    path: str
    message: str
