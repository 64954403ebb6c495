"""Parses the date of a page's capture, as archives and tables write it."""

from datetime import UTC, datetime


def capture_date(value: str | None) -> datetime | None:
    """Returns a date of ISO 8601 in UTC; None for anything else. A date without a zone is taken as UTC."""
    try:
        found = datetime.fromisoformat(value or "")
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
