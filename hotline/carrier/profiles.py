"""What each carrier that speaks Twilio's language can do beyond what all of them do."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Profile:
    """`media_hosts` may be redirected to, without our credentials."""

    name: str
    deletes_recordings: bool
    media_hosts: tuple[str, ...] = ()


TWILIO = Profile("Twilio", True, ("api.twilio.com", "media.twiliocdn.com", "mms.twiliocdn.com"))
PROFILES = {"api.twilio.com": TWILIO}
OTHER = Profile("a carrier that speaks Twilio's language", True)


def profile_of(api_url: str) -> Profile:
    """By the host of its API; one that we do not know redirects nowhere."""
    return PROFILES.get(urlsplit(api_url).hostname or "", OTHER)
