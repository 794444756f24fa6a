"""The carrier's REST API (Twilio, 2010-04-01), as far as the hotline needs it.

The twilio package's own client builds its addresses from Twilio's host name; services that speak
the same language, and tests, live elsewhere. So: requests, and the API's description as the test
(tests/carrier/test_contract.py).
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from hotline.carrier.asking import Account, Fetched
from hotline.carrier.errors import AnswerLost, CarrierDown, NotThere, RefusedByCarrier
from hotline.carrier.items import CallItem, Item, MediaItem, RecordingItem, TextItem
from hotline.carrier.profiles import Profile, Resource

MOST_MEDIA_BYTES = 32 * 1024 * 1024  # Twilio takes 5 MB in one text, 16 MB of some senders

__all__ = ["AnswerLost", "Carrier", "Fetched", "RefusedByCarrier"]


def _never(sid: str) -> bool:
    return False


class Carrier:
    """One account at one carrier."""

    def __init__(
        self, account_sid: str, auth_token: str, api_url: str, profile: Profile | None = None
    ) -> None:
        self._account = Account(account_sid, auth_token, api_url, profile)

    def fetch_recording(self, sid: str) -> Fetched:
        """All bytes of a recording, within a minute; its length is what was promised.

        Raises:
            NotThere, Busy, CarrierDown, CutOff, RefusedByCarrier, TooLarge.
        """
        return self._account.fetch("Recordings", sid, kind=".wav")

    def delete_recording(self, sid: str) -> None:
        """Delete it; gone already is gone. Raises: Busy, CarrierDown, RefusedByCarrier.

        A carrier whose API has no deletion would answer 404, too: that is no forgetting.
        """
        if not self._account.profile.deletes_recordings:
            raise RefusedByCarrier(405)
        try:
            self._account.ask("DELETE", "Recordings", sid)
        except NotThere:
            return

    def fetch_media(self, text_sid: str, sid: str) -> Fetched:
        """All bytes of what came with a text. Raises: as `fetch_recording`."""
        return self._account.fetch("Messages", text_sid, "Media", sid, most=MOST_MEDIA_BYTES)

    def list_media(self, text_sid: str) -> list[MediaItem]:
        """What came with a text and is still held, where the carrier has such things. Raises: as `call_status`."""
        if not self._account.profile.mms:
            return []
        pages = self._account.pages("Messages", text_sid, "Media", query={}, key="media_list")
        return [MediaItem.of(said) for page in pages for said in page]

    def delete_media(self, text_sid: str, sid: str) -> None:
        """Delete it; gone already is gone. Raises: as `delete_recording`."""
        if not self._account.profile.deletes_media:
            raise RefusedByCarrier(405)
        try:
            self._account.ask("DELETE", "Messages", text_sid, "Media", sid)
        except NotThere:
            return

    def send_text(self, from_: str, to: str, body: str, status_callback: str, valid_seconds: int) -> str:
        """Hand a text over; the answer is its id.

        Raises:
            AnswerLost, Busy, RefusedByCarrier.
        """
        form = {
            "From": from_,
            "To": to,
            "Body": body,
            "StatusCallback": status_callback,
            "ValidityPeriod": str(valid_seconds),
        }
        try:
            return str(self._account.ask("POST", "Messages", data=form)["sid"])
        except (CarrierDown, KeyError) as lost:
            raise AnswerLost(type(lost).__name__) from None

    def find_sent_text(
        self, to: str, from_: str, since: datetime, body: str, is_another: Callable[[str], bool] = _never
    ) -> str | None:
        """The id of a text like this that the carrier took since then, if it did, and that is not another's."""
        for text in self.list_texts(since - timedelta(minutes=2), to=to, from_=from_):
            alike = text.body == body and text.to == to and text.from_ == from_ and not text.inbound
            if alike and not is_another(text.sid):
                return text.sid
        return None

    def place_call(
        self, from_: str, to: str, url: str, fallback: str, status_callback: str, rings: int
    ) -> str:
        """Ring a phone for so many seconds; the answer is the call's id.

        Raises:
            AnswerLost, Busy, RefusedByCarrier.
        """
        form = {
            "From": from_, "To": to, "Url": url, "Timeout": str(rings),
            "StatusCallback": status_callback, "StatusCallbackEvent": "completed",
        }  # fmt: skip
        if self._account.profile.fallback:
            form["FallbackUrl"] = fallback
        try:
            return str(self._account.ask("POST", "Calls", data=form)["sid"])
        except (CarrierDown, KeyError) as lost:
            raise AnswerLost(type(lost).__name__) from None

    def find_placed_call(
        self, to: str, from_: str, since: datetime, is_another: Callable[[str], bool] = _never
    ) -> str | None:
        """The id of a call that we placed to this number since then, if the carrier took it; as `find_sent_text`."""
        asked = {"To": to, "From": from_}
        for call in self._list("Calls", CallItem, since - timedelta(minutes=2), asked):
            alike = call.to == to and call.from_ == from_ and not call.inbound
            if alike and not is_another(call.sid):
                return call.sid
        return None

    def call_status(self, sid: str) -> str:
        """The carrier's word for where a call is. Raises: NotThere, Busy, CarrierDown, RefusedByCarrier."""
        try:
            return str(self._account.ask("GET", "Calls", sid)["status"])
        except KeyError:
            raise CarrierDown("no status") from None

    def list_calls(self, since: datetime) -> Iterator[CallItem]:
        """Calls that the carrier has had since then, newest first. Raises: as `call_status`."""
        return self._list("Calls", CallItem, since)

    def list_recordings(self, since: datetime) -> Iterator[RecordingItem]:
        """Recordings that it holds from since then, likewise."""
        return self._list("Recordings", RecordingItem, since)

    def list_texts(self, since: datetime, *, to: str = "", from_: str = "") -> Iterator[TextItem]:
        """Texts in either direction, likewise; of one number alone where given and the carrier can filter."""
        asked = {"To": to, "From": from_}
        return self._list("Messages", TextItem, since, {name: said for name, said in asked.items() if said})

    def _list(
        self, resource: Resource, kind: type[Item], since: datetime, query: dict[str, str] | None = None
    ) -> Iterator[Item]:
        """Until older than `since`: not every carrier knows filters (Somleng has none)."""
        known = self._account.profile.filters[resource]
        asked = {name: value for name, value in (query or {}).items() if name in known}
        for page in self._account.pages(resource, query=asked):
            for said in page:
                item = kind.of(said)
                if item.at < since:
                    return
                yield item
