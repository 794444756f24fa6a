"""What each carrier that speaks Twilio's language can do: one file of data a carrier, in `known/`.

Whatever the hotline does otherwise at one carrier than at another is decided by its profile.
"""

from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hotline.settings import PROFILES, Settings

OTHER = "other"  # the profile of a carrier whose host no file names

Texts = tuple[str, ...]
CallEvent = Literal["initiated", "ringing", "answered", "completed"]
RecordingEvent = Literal["in-progress", "completed", "absent"]
Resource = Literal["Calls", "Messages", "Recordings"]


class BadProfile(Exception):
    """A profile that cannot be used; the text names file and fault."""


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Profile:
    """What a carrier is held to do; `sources` says for each claim what was read for it.

    `empty_recording`: where a call goes on after Record with nothing said.
    `fallback`: whether another address is asked where ours does not answer.
    `whispers`: whoever is rung by Dial can be asked for a key first (Number, url). Where that cannot be, a
    voicemail of staff's could take a caller, so nobody is put through.
    `error_codes`: whether a refusal says why in a number (21610: they sent STOP).
    `keywords`: whether it replies to STOP, START and HELP by itself.
    `filters`: what each list can be asked for. What it cannot is looked for page by page.
    `mms`: whether pictures and voice notes come with texts; `deletes_media`: whether it forgets them when told to.
    `media_hosts` may be redirected to, without our credentials.
    """

    key: str
    name: str
    hosts: Texts
    verbs: frozenset[str]
    call_events: tuple[CallEvent, ...]
    recording_events: tuple[RecordingEvent, ...]
    empty_recording: Literal["falls through", "goes to its action"]
    signature: Literal["X-Twilio-Signature, HMAC-SHA1"]
    fallback: bool
    whispers: bool
    error_codes: bool
    keywords: bool
    filters: dict[Resource, Texts]
    deletes_recordings: bool
    mms: bool
    deletes_media: bool
    media_hosts: Texts
    sources: dict[str, str]


@lru_cache(maxsize=64)
def profile_of(api_url: str, key: str = "", media_hosts: Texts = ()) -> Profile:
    """The one of this key, else by the host of the API; one that we do not know redirects nowhere.

    `media_hosts`: of this installation, beside those that the profile names.
    """
    known, host = load_profiles(), urlsplit(api_url).hostname or ""
    by_host = next((profile for profile in known.values() if host in profile.hosts), known[OTHER])
    found = known[key] if key else by_host
    return replace(found, media_hosts=(*found.media_hosts, *media_hosts)) if media_hosts else found


def profile_for(settings: Settings) -> Profile:
    """The carrier's that these settings name."""
    return profile_of(settings.twilio_api_url, settings.carrier, settings.media_hosts)


@cache
def load_profiles() -> dict[str, Profile]:
    """Every profile by the name of its file. Raises: BadProfile."""
    return {path.stem: read_profile(path) for path in sorted(PROFILES.glob("*.yaml"))}


def read_profile(path: Path) -> Profile:
    """Read and check one file. Raises: BadProfile."""
    try:
        written = YAML(typ="safe").load(path.read_text("utf-8"))
        claims: dict[str, Any] = written["claims"]
        read = {name: claim["is"] for name, claim in claims.items()}
        sources = {name: claim["source"] for name, claim in claims.items()}
        more = {"key": path.stem, "name": written["name"], "hosts": written["hosts"], "sources": sources}
        return _PROFILE.validate_python(read | more)
    except (YAMLError, KeyError, TypeError, AttributeError) as broken:
        raise BadProfile(f"{path.name}: {type(broken).__name__}: {broken}") from None
    except ValidationError as wrong:
        said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in wrong.errors())
        raise BadProfile(f"{path.name}: {said}") from None


_PROFILE = TypeAdapter(Profile)
