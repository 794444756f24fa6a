"""What each carrier that speaks Twilio's language can do beyond what all of them do."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Profile:
    """`media_hosts` may be redirected to, without our credentials.

    `whispers`: whoever is rung by Dial can be asked for a key first (Number, url). Where that cannot be, a
    voicemail of staff's could take a caller, so nobody is put through.
    """

    name: str
    deletes_recordings: bool
    whispers: bool
    media_hosts: tuple[str, ...] = ()


TWILIO = Profile("Twilio", True, True, ("api.twilio.com", "media.twiliocdn.com", "mms.twiliocdn.com"))
SOMLENG = Profile("Somleng", False, False)  # somleng-switch 3442ba8, read, not run
PROFILES = {"api.twilio.com": TWILIO, "api.somleng.org": SOMLENG}
OTHER = Profile("a carrier that speaks Twilio's language", True, True)


def profile_of(api_url: str) -> Profile:
    """By the host of its API; one that we do not know redirects nowhere."""
    return PROFILES.get(urlsplit(api_url).hostname or "", OTHER)
