"""What a carrier that speaks Twilio's language may lack. Each gap is one that Somleng has.

Read from Somleng's code (somleng dcdc755, somleng-switch 3442ba8), not run.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Gaps:
    """Which are there; none is Twilio."""

    no_whisper: bool = False  # of a Number in Dial only the number is looked at, and DialBridged is not told
    few_verbs: bool = (
        False  # Pause and Message are unknown; an unknown verb ends the document where it stands
    )
    record_acts: bool = False  # Record always asks its action, without RecordingSid and without Digits
    only_completed: bool = False  # nothing else is told of a recording
    one_status: bool = False  # one callback a call, at its end, numbered 0
    no_fallback: bool = False  # nobody else is asked where the hotline fails
    any_status: bool = False  # an answer is read whatever its HTTP status, and asked for once
    plain_ids: bool = False  # ids are UUIDs
    no_filters: bool = False  # lists are whole, newest first
    keeps_recordings: bool = False  # there is no way to delete one
    media_elsewhere: bool = False  # fetching one asks for no credentials and leads to another host
    keeps_media: bool = False  # nor what came with a text
    no_mms: bool = False  # a text is words; files are dropped on the way
    no_codes: bool = False  # refusals bear no code; STOP and the like mean nothing to the carrier

    @classmethod
    def read(cls, text: str) -> "Gaps":
        """By their names, separated by commas; "somleng" is all of them. Raises: ValueError."""
        names = {name.strip() for name in text.split(",") if name.strip()}
        known = {one.name for one in fields(cls)}
        if "somleng" in names:
            names = names - {"somleng"} | known
        if unknown := names - known:
            raise ValueError(f"no such gap: {', '.join(sorted(unknown))}")
        return cls(**dict.fromkeys(names, True))


TWILIO = Gaps()
SOMLENG = Gaps.read("somleng")
