"""Use the rehearsal telephone from Python: tests, the terminal phone, and the demo's first calls."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests

PATIENCE = 90.0  # seconds for a scripted call


class PhoneError(Exception):
    """The telephone would not; the text says why."""


class Phone:
    """The carrier at this address."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def play(
        self,
        *,
        from_: str,
        to: str,
        keys: Sequence[str] = "",
        speak: Path | bytes | None = None,
        hang_up: str = "after",
    ) -> dict[str, Any]:
        """A whole call: one key (or several) at each wait, one sound at the microphone; the answer is how it ended.

        `hang_up`: "after" the last word, while "recording", "key" when the keys are used up, or "ring" before it
        is answered.
        """
        sound = speak.read_bytes() if isinstance(speak, Path) else speak
        form = {"from": from_, "to": to, "keys": ",".join(keys), "hang_up": hang_up}
        files = {"sound": ("sound", sound)} if sound else None
        sid = self._post("/phone/api/calls", form, files)["sid"]
        return self.wait_until_ended(sid)

    def dial(self, *, from_: str, to: str) -> str:
        """Place a call and stay on it; the answer is its id."""
        return str(self._post("/phone/api/calls", {"from": from_, "to": to})["sid"])

    def wait_until_ended(self, sid: str) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            state = self.look(sid)
            if state["over"]:
                return state
            time.sleep(0.05)
        raise PhoneError("the call does not end")

    def look(self, sid: str) -> dict[str, Any]:
        return self._get(f"/phone/api/calls/{sid}")

    def answer(self, sid: str) -> None:
        """Take the call that rings here."""
        self._post(f"/phone/api/calls/{sid}/answer", {})

    def press(self, sid: str, keys: str) -> None:
        self._post(f"/phone/api/calls/{sid}/keys", {"keys": keys})

    def begin_to_speak(self, sid: str) -> None:
        """Be silent no more at its microphone, until what is said there comes (`speak`)."""
        self._post(f"/phone/api/calls/{sid}/talking", {"on": "1"})

    def speak(self, sid: str, sound: bytes) -> None:
        self._raw(f"/phone/api/calls/{sid}/sound", data=sound)

    def hang_up(self, sid: str) -> None:
        self._post(f"/phone/api/calls/{sid}/hang-up", {})

    def text(self, *, from_: str, to: str, body: str = "", files: Sequence[tuple[str, bytes]] = ()) -> str:
        """Send a text to a line, with files (the type that each is said to be, its bytes); the answer is its id."""
        sent = [("file", (f"file{number}", body, type)) for number, (type, body) in enumerate(files)]
        form = {"from": from_, "to": to, "body": body}
        return str(self._post("/phone/api/texts", form, sent or None)["sid"])

    def thread(self, number: str) -> list[dict[str, Any]]:
        """The texts of one phone, oldest first."""
        found: list[dict[str, Any]] = self._get("/phone/api/texts", number=number)["texts"]
        return found

    def lay_out(self, *numbers: str) -> list[dict[str, Any]]:
        """Have these phones before oneself, for a minute and a half: who calls them waits for `answer`."""
        found: list[dict[str, Any]] = self._raw("/phone/api/phones", data={"number": numbers})["phones"]
        return found

    def misbehave(self, **faults: Any) -> None:
        self._raw("/phone/api/faults", json=faults)

    def set_answer(self, number: str, how: str, press: str = "") -> None:
        """How this number answers when the hotline calls it: "answers", "busy" or "no-answer".

        `press`: the key that is pressed there once one is asked for.
        """
        self._post("/phone/api/answers", {"number": number, "how": how, "press": press})

    def lead(self, number: str, webhooks: str) -> None:
        """A call or text to this number, no line of the hotline's, asks there; at nothing, the number is given back."""
        self._post("/phone/api/numbers", {"number": number, "webhooks": webhooks})

    def calls(self) -> list[dict[str, Any]]:
        """Every call that there was, the newest first."""
        found: list[dict[str, Any]] = self._get("/phone/api/calls")["calls"]
        return found

    def held_recordings(self) -> list[str]:
        """Ids of the recordings that the carrier has not forgotten."""
        found: list[str] = self._get("/phone/api/held")["recordings"]
        return found

    def held_media(self) -> list[str]:
        """Ids of what came with texts and the carrier has not forgotten."""
        found: list[str] = self._get("/phone/api/held")["media"]
        return found

    def _get(self, path: str, **query: str) -> dict[str, Any]:
        return self._said(requests.get(self._url + path, params=query, timeout=30))

    def _post(self, path: str, form: dict[str, str], files: Any = None) -> dict[str, Any]:
        return self._raw(path, data=form, files=files)

    def _raw(self, path: str, **more: Any) -> dict[str, Any]:
        return self._said(requests.post(self._url + path, timeout=60, **more))

    @staticmethod
    def _said(answer: requests.Response) -> dict[str, Any]:
        said: dict[str, Any] = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
        if answer.status_code >= 400:
            raise PhoneError(said.get("why") or f"status {answer.status_code}")
        return said
