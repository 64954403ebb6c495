"""Requests that may fail in passing are made again, after pauses that grow and are not the same for all."""

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""HTTP statuses after which the same request may succeed."""
_LIBRARIES = {"http", "urllib3", "requests"}  # whatever these raise is of the connection
_NAMES = {  # of errors that say that an answer did not come, or came in half
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
    """How often a request is made, and the seconds of the pauses: the bound of the first one and of any, and the most
    that a server may ask for."""

    attempts: int
    first: float
    longest: float
    asked: float = 0.0

    def pauses(self, what: str) -> Iterator[float]:
        """The pause after each attempt: each bound is twice the one before, and half of it or more is waited."""
        chance = random.Random(what)
        for attempt in range(self.attempts):
            yield min(self.longest, self.first * 2**attempt) * chance.uniform(0.5, 1)


STORES = Patience(attempts=10, first=0.1, longest=10.0)


class CutOffError(ConnectionError):
    """An answer that ends before what was asked for does."""


class BusyError(ConnectionError):
    """A server that asks for the same request later; `wait`: in how many seconds, if it says so."""

    def __init__(self, message: str, wait: float | None) -> None:
        super().__init__(message)
        self.wait = wait


def retried(what: str, call: Callable[[], Result], patience: Patience = STORES) -> Result:
    """What a request gives. It is made again while its error may pass; `what` seeds the length of the pauses."""
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
    """Whether the same request may succeed when it is made again."""
    if (code := status(error)) is not None:
        return code in PASSING
    if isinstance(error, ConnectionError | TimeoutError | json.JSONDecodeError):
        return True
    kinds = type(error).__mro__
    return any(kind.__module__.partition(".")[0] in _LIBRARIES or kind.__name__ in _NAMES for kind in kinds)


def status(error: BaseException | None) -> int | None:
    """The HTTP status that a store's library tells in an error."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):  # Amazon's
        told = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    else:
        told = getattr(error, "code", None)
    return int(told) if isinstance(told, int) else None
