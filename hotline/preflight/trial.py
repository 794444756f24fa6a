"""A call through the rehearsal carrier in which each claim of its profile can be seen to be true or not.

Numbers and addresses are the trial's own: no line of the hotline's is rung, and nothing of it is told the hotline.
"""

import math
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from hotline.carrier.asking import Account
from hotline.carrier.errors import CarrierError, RefusedByCarrier
from hotline.carrier.profiles import Profile
from hotline.preflight.listener import BROKEN, Asked, Listener, listen
from hotline.rehearsal.client import Phone, PhoneError
from hotline.rehearsal.sound import RATE, to_wav

LOOPBACK = ("127.0.0.1", "localhost", "::1")
FROM, TO, COLLEAGUE = "+66200000001", "+66800000002", "+66800000003"
PATIENCE = 60.0  # seconds for the call
KEY = "5"
UNHURRIED = 60  # seconds of silence, in a rehearsal's time, which may go fifty times as fast as ours
LATE = 2.0  # seconds for callbacks after its end
EVERY_EVENT = ["initiated", "ringing", "answered", "completed"]


@dataclass(frozen=True)
class Trial:
    """`asked`: each webhook; `fetched`: each file; `ended`: whether the call came to its end; `refusal`: the code for
    a text to nobody; `text`: the id of one with a picture; `rung`: how a ring ended that was rejected as busy;
    `replied`: whether HELP was answered, though not by us."""

    asked: tuple[Asked, ...]
    fetched: frozenset[str]
    ended: bool
    refusal: int | None
    text: str
    rung: str
    replied: bool

    def was_asked(self, *paths: str) -> bool:
        return any(one.path in paths for one in self.asked)

    def told(self, path: str, name: str) -> set[str]:
        return {one.said(name) for one in self.asked if one.path == path}

    @property
    def recording(self) -> str:
        """The id of what was said, however the carrier names it."""
        spoken = next((one for one in self.asked if one.path == "/spoken"), None)
        if spoken is None:
            return ""
        return spoken.said("RecordingSid") or urlsplit(spoken.said("RecordingUrl")).path.rpartition("/")[2]


def is_rehearsal(api_url: str) -> bool:
    """Whether this is the rehearsal carrier, on this machine: nobody's phone rings and nothing costs."""
    if urlsplit(api_url).hostname not in LOOPBACK:
        return False
    try:
        Phone(api_url).held_recordings()
    except (PhoneError, OSError, KeyError):
        return False
    return True


def hold_trial(account: Account, api_url: str) -> Trial:
    """Call, press a key, speak, be silent, be put through, and let the hotline break; ring, and write HELP.

    Raises: CarrierError, PhoneError.
    """
    phone = Phone(api_url)
    phone.set_answer(COLLEAGUE, "answers", "1")
    with listen(lambda url: _documents(url, account.profile)) as listener:
        form = {
            "From": FROM, "To": TO, "Url": f"{listener.url}/first", "FallbackUrl": f"{listener.url}/fallback",
            "StatusCallback": f"{listener.url}/status", "StatusCallbackEvent": EVERY_EVENT,
        }  # fmt: skip
        sid = str(account.ask("POST", "Calls", data=form)["sid"])
        picture = {"MediaUrl": f"{listener.url}/picture"}
        text = account.ask("POST", "Messages", data={"From": FROM, "To": TO, "Body": "A trial."} | picture)
        if _wait(lambda: _waits(phone, sid, "key") and bool(listener.to("/keys")), PATIENCE, listener):
            phone.press(sid, KEY)
        _wait(lambda: _waits(phone, sid, "voice"), PATIENCE, listener)
        phone.speak(sid, _tone())
        phone.press(sid, "#")
        ended = _wait(lambda: _is_over(listener), PATIENCE)
        _wait(lambda: _has_told(listener, account.profile), LATE)
        fetched = frozenset(listener.fetched)
        rung, replied = _come_in(phone, listener)
        return Trial(
            tuple(listener.asked), fetched, ended, _refusal(account), str(text["sid"]), rung, replied
        )


def _come_in(phone: Phone, listener: Listener) -> tuple[str, bool]:
    """(how a ring at the trial's number ended, whether a text of HELP to it was answered)."""
    phone.lead(FROM, listener.url)
    try:
        rung = str(phone.play(from_=TO, to=FROM)["status"])
        before = _received(phone)
        phone.text(from_=TO, to=FROM, body="HELP")
        return rung, _wait(lambda: _received(phone) > before, LATE)
    finally:
        phone.lead(FROM, "")


def _received(phone: Phone) -> int:
    return sum(not text["mine"] for text in phone.thread(TO))


def _documents(url: str, profile: Profile) -> dict[str, str]:
    sounds = {"Pause": '<Pause length="1"/>', "Say": "<Say>A trial.</Say>"}
    record = (
        '<Record action="{url}/{action}" method="POST" maxLength="10" timeout="{silence}" finishOnKey="#"'
        ' recordingStatusCallback="{url}/recording" recordingStatusCallbackEvent="in-progress completed absent"/>'
        '<Redirect method="POST">{url}/{otherwise}</Redirect>'
    )
    keys = (
        '<Gather action="{url}/{action}" method="POST" numDigits="1" timeout="{seconds}"/>'
        '<Redirect method="POST">{url}/{otherwise}</Redirect>'
    )
    after = f'<Redirect method="POST">{url}/broken</Redirect>'
    dial = (
        f'<Dial action="{url}/dialled" method="POST" timeout="5">'
        f'<Number url="{url}/whisper" method="POST">{COLLEAGUE}</Number></Dial>'
    )
    silent = record.format(url=url, action="silent", otherwise="fell", silence=1)
    bodies = {
        "/first": "".join(said for verb, said in sounds.items() if verb in profile.verbs)
        + f'<Redirect method="POST">{url}/play</Redirect>',
        "/play": f'<Play>{url}/sound.wav</Play><Redirect method="POST">{url}/wait</Redirect>',
        "/wait": keys.format(url=url, action="early", otherwise="keys", seconds=1),
        "/keys": keys.format(url=url, action="pressed", otherwise="speak", seconds=UNHURRIED),
        "/pressed": f'<Redirect method="POST">{url}/speak</Redirect>',
        "/early": f'<Redirect method="POST">{url}/speak</Redirect>',
        "/speak": record.format(url=url, action="spoken", otherwise="unheard", silence=UNHURRIED),
        "/spoken": silent,
        "/unheard": silent,
        "/silent": dial if profile.whispers else after,
        "/fell": dial if profile.whispers else after,
        "/dialled": after,
        "/fallback": "<Hangup/>",
        "/voice/incoming": '<Reject reason="busy"/>',
    }
    return {path: f"<Response>{body}</Response>" for path, body in bodies.items()} | {"/broken": BROKEN}


def _is_over(listener: Listener) -> bool:
    return any(one.said("CallStatus") == "completed" for one in listener.to("/status"))


def _has_told(listener: Listener, profile: Profile) -> bool:
    told = {one.said("RecordingStatus") for one in listener.to("/recording")}
    return told >= set(profile.recording_events)


def _refusal(account: Account) -> int | None:
    try:
        account.ask("POST", "Messages", data={"From": FROM, "To": "nobody", "Body": "A trial."})
    except RefusedByCarrier as refused:
        return refused.code
    except CarrierError:
        return None
    return None


def _waits(phone: Phone, sid: str, what: str) -> bool:
    return bool(phone.look(sid)["waits"].get("for") == what)


def _wait(true: Callable[[], bool], seconds: float, call: Listener | None = None) -> bool:
    """Whether it became true in time, and before `call` was over."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until or (call and _is_over(call)):
            return False
        time.sleep(0.05)
    return True


def _tone() -> bytes:
    return to_wav(array("h", (int(9000 * math.sin(n / 3)) for n in range(RATE))).tobytes())
