"""Look into what came with a text: a picture gets a copy to be shown, a sound is listened to, the rest stays shut."""

from dataclasses import dataclass
from typing import Literal

from hotline.media.kinds import kind_of
from hotline.media.listen import Listened, listen
from hotline.media.picture import CannotShow, Picture, copy_picture


@dataclass(frozen=True)
class Examined:
    """`whole`: we could open it, or it is of a kind that we know and do not open. What is not may have come broken."""

    kind: Literal["picture", "voice", "file"]
    format: str
    whole: bool
    holds_place: bool = False
    picture: Picture | None = None
    heard: Listened | None = None


def examine(data: bytes) -> Examined:
    """By content alone. A film is a voice note: its sound is heard. Never raises for what somebody sent."""
    kind = kind_of(data)
    if kind.what == "picture":
        try:
            picture = copy_picture(data)
        except CannotShow:
            return Examined("file", f"{kind.says} that cannot be read", whole=False)
        return Examined("picture", kind.says, True, picture.holds_place, picture=picture)
    if kind.what == "sound":
        heard = listen(data)
        return Examined("voice", kind.says, heard.verdict == "speech", heard.holds_place, heard=heard)
    return Examined("file", kind.says or "unknown", whole=bool(kind.says))
