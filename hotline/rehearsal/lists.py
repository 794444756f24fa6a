"""A REST list: newest first, page by page, between the moments asked for."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

MOST_PAGE = 1000
DAY = timedelta(days=1)
One = TypeVar("One")


class BadDate(ValueError):
    """The moment asked for is none."""


def keep_asked_for(items: list[One], name: str, at: Callable[[One], datetime | None]) -> list[One]:
    """Those whose moment is as `name`, `name<` and `name>` in the query say. Raises: BadDate.

    As Twilio describes it: a day alone is that whole day in UTC, `>` is from its midnight on, `<` until its
    midnight; for DateSent, `<` takes in the day itself. What has no such moment yet is left out.
    """
    for sign in ("", "<", ">"):
        asked = request.args.get(name + sign)
        if asked:
            first, last = _span(asked)
            if sign == "<":
                first, last = datetime.min.replace(tzinfo=UTC), last if name == "DateSent" else first
            elif sign == ">":
                last = datetime.max.replace(tzinfo=UTC)
            items = [item for item in items if (moment := at(item)) and first <= _whole(moment) <= last]
    return items


def make_page(key: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """As many as asked for, and where the next ones are."""
    size = max(1, min(request.args.get("PageSize", 50, type=int), MOST_PAGE))
    number = max(0, request.args.get("Page", 0, type=int))
    start = number * size
    shown = items[start : start + size]

    def uri(page: int) -> str:
        return f"{request.path}?{urlencode(request.args.to_dict() | {'Page': page, 'PageSize': size})}"

    return {
        key: shown,
        "page": number,
        "page_size": size,
        "start": start,
        "end": max(start, start + len(shown) - 1),
        "uri": uri(number),
        "first_page_uri": uri(0),
        "previous_page_uri": uri(number - 1) if number else None,
        "next_page_uri": uri(number + 1) if len(items) > start + size else None,
    }


def _span(asked: str) -> tuple[datetime, datetime]:
    """The first and the last second that this is: of a day, or one second."""
    try:
        moment = datetime.fromisoformat(asked.strip())
    except ValueError:
        raise BadDate(asked) from None
    moment = _whole(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    whole_day = len(asked.strip()) == len("2009-07-06")
    return moment, moment + DAY - timedelta(seconds=1) if whole_day else moment


def _whole(moment: datetime) -> datetime:
    """The carrier knows no parts of a second."""
    return moment.replace(microsecond=0)
