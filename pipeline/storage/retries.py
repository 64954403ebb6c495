"""Repeats requests that may fail for a moment. The pauses between attempts grow, and differ between processes."""

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""HTTP statuses after which the same request may succeed."""
_LIBRARIES = {"http", "urllib3", "requests"}  # modules whose errors are all errors of the connection
_NAMES = {  # names of errors for an answer that did not come, or came only in part
    "ConnectionClosedError",
    "ConnectTimeoutError",
    "DataCorruption",
    "EndpointConnectionError",
    "HTTPClientError",
    "IncompleteReadError",
    "ReadTimeoutError",
    "ResponseParserError",
    "ResponseStreamingError",
    "RetryError",
    "TransportError",
}

Result = TypeVar("Result")


@dataclass(frozen=True)
class Patience:
    """The number of attempts, and the seconds of the pauses: the bound of the first pause, the bound of any pause, and
    the longest that a server may ask for."""

    attempts: int
    first: float
    longest: float
    asked: float = 0.0

    def pauses(self, what: str) -> Iterator[float]:
        """Yields the pause after each attempt. Each bound is twice the one before; a pause is between half of it and
        all."""
        chance = random.Random(what)
        for attempt in range(self.attempts):
            yield min(self.longest, self.first * 2**attempt) * chance.uniform(0.5, 1)


STORES = Patience(attempts=10, first=0.1, longest=10.0)


class CutOffError(ConnectionError):
    """An answer ended before all requested bytes came."""


class BusyError(ConnectionError):
    """A server asks for the same request later. `wait` is in how many seconds, if the server says so."""

    def __init__(self, message: str, wait: float | None) -> None:
        super().__init__(message)
        self.wait = wait


def retried(what: str, call: Callable[[], Result], patience: Patience = STORES) -> Result:
    """Returns the result of a request, which is repeated while its error may pass. `what` seeds the lengths of
    pauses."""
    for attempt, pause in enumerate(patience.pauses(what), 1):
        try:
            return call()
        except Exception as error:
            if attempt == patience.attempts or not may_pass(error):
                raise
            asked = error.wait if isinstance(error, BusyError) else None
        time.sleep(pause if asked is None else min(patience.asked, asked))
    raise AssertionError("the last attempt returns or raises")


def may_pass(error: BaseException) -> bool:
    """Whether the same request may succeed if it is repeated."""
    if (code := status(error)) is not None:
        return code in PASSING
    if isinstance(error, ConnectionError | TimeoutError | json.JSONDecodeError):
        return True
    kinds = type(error).__mro__
    return any(kind.__module__.partition(".")[0] in _LIBRARIES or kind.__name__ in _NAMES for kind in kinds)


def status(error: BaseException | None) -> int | None:
    """Returns the HTTP status in an error of a store's library."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):  # Amazon's
        told = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    else:
        told = getattr(error, "code", None)
    return int(told) if isinstance(told, int) else None
