"""When a page was captured, as archives and tables write it."""

from datetime import UTC, datetime


def capture_date(value: str | None) -> datetime | None:
    """A date of ISO 8601 in UTC, which is assumed where it names no zone; None for anything else."""
    try:
        found = datetime.fromisoformat(value or "")
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
