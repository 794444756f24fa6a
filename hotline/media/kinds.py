"""What a file is, by its first bytes: neither its name nor what its sender calls it counts."""

from dataclasses import dataclass
from typing import Literal

What = Literal["picture", "sound", "file"]


@dataclass(frozen=True)
class Kind:
    """`says` is the format as staff read it; empty where we do not know it."""

    what: What
    says: str


UNKNOWN = Kind("file", "")
# (where it stands, the bytes, what that is): the formats' own specifications, the first that fits counts.
SIGNS: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"\xff\xd8\xff", Kind("picture", "JPEG")),
    (0, b"\x89PNG\r\n\x1a\n", Kind("picture", "PNG")),
    (0, b"GIF87a", Kind("picture", "GIF")),
    (0, b"GIF89a", Kind("picture", "GIF")),
    (8, b"WEBP", Kind("picture", "WebP")),
    *(
        (4, b"ftyp" + brand, Kind("picture", "HEIC"))
        for brand in (
            b"heic",
            b"heix",
            b"heim",
            b"heis",
            b"hevc",
            b"hevx",
            b"hevm",
            b"hevs",
            b"mif1",
            b"msf1",
        )
    ),
    *((4, b"ftyp" + brand, Kind("picture", "AVIF")) for brand in (b"avif", b"avis", b"avio")),
    (4, b"ftyp3g", Kind("sound", "3GP")),
    (4, b"ftypM4A", Kind("sound", "M4A")),
    (4, b"ftyp", Kind("sound", "MP4")),
    (0, b"#!AMR", Kind("sound", "AMR")),
    (0, b"OggS", Kind("sound", "Ogg")),
    (0, b"\x1aE\xdf\xa3", Kind("sound", "WebM")),
    (8, b"WAVE", Kind("sound", "WAV")),
    (0, b"ID3", Kind("sound", "MP3")),
    (0, b"fLaC", Kind("sound", "FLAC")),
    (0, b"caff", Kind("sound", "CAF")),
    (0, b"%PDF-", Kind("file", "PDF")),
    (0, b"BEGIN:VCARD", Kind("file", "vCard")),
    (0, b"PK\x03\x04", Kind("file", "ZIP or office file")),
)


def kind_of(data: bytes) -> Kind:
    """By its first sixteen bytes."""
    for at, sign, kind in SIGNS:
        if data[at : at + len(sign)] == sign and (at != 8 or data[:4] == b"RIFF"):
            return kind
    return _frame_of_sound(data) or UNKNOWN


def _frame_of_sound(data: bytes) -> Kind | None:
    """MPEG audio may begin with its first frame: eleven bits set, then version and layer (ISO 11172-3, 13818-7)."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return None
    if data[1] & 0xF6 == 0xF0:
        return Kind("sound", "AAC")
    known = data[1] & 0x18 != 0x08 and data[1] & 0x06 and data[2] & 0xF0 != 0xF0
    return Kind("sound", "MP3") if known else None
