"""Requests that may fail in passing are made again, after pauses that grow and are not the same for all."""

import json
import random
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

ATTEMPTS = 8
_FIRST, _LONGEST = 0.1, 10.0  # seconds of the first pause, and of any
_PASSING = {408, 425, 429, 500, 502, 503, 504}
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


class CutOffError(ConnectionError):
    """An answer that ends before what was asked for does."""


def retried(what: str, call: Callable[[], Result]) -> Result:
    """What a request gives. It is made again while its error may pass; `what` seeds the length of the pauses."""
    for attempt, pause in enumerate(pauses(what), 1):
        try:
            return call()
        except Exception as error:
            if attempt == ATTEMPTS or not may_pass(error):
                raise
        time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def pauses(what: str) -> Iterator[float]:
    """Seconds to wait after each attempt: each bound is twice the one before, and half of it or more is waited."""
    chance = random.Random(what)
    for attempt in range(ATTEMPTS):
        yield min(_LONGEST, _FIRST * 2**attempt) * chance.uniform(0.5, 1)


def may_pass(error: BaseException) -> bool:
    """Whether the same request may succeed when it is made again."""
    if (code := status(error)) is not None:
        return code in _PASSING
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
