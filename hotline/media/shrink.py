"""A program of its own: reads a picture that we do not trust, writes a small copy that says nothing but its pixels.

The picture on standard input; on standard output one line of JSON {width, height, holds_place}, then a JPEG. On
a picture that cannot or must not be read it ends with a status of 1 and says why in one line on standard error.
Run as a file by hotline.media.picture, with limits on its memory and time; it imports nothing of ours.
"""

import io
import json
import re
import sys
from typing import Any

import pillow_heif
from PIL import Image, ImageOps

MOST_PIXELS = 60_000_000  # of a picture as it comes; a telephone's camera has 12 to 50 million
MOST_SIDE = 2048  # of the copy: a payslip that fills the picture can still be read
QUALITY = 84
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF", "AVIF")
GPS, ORIENTATION = 0x8825, 0x0112  # EXIF 2.3, 4.6.4
# What XMP and IPTC call a place (exif:GPSLatitude, photoshop:City, Iptc4xmpExt:LocationCreated and their like).
PLACES = (
    b"GPSLatitude", b"GPSLongitude", b"photoshop:City", b"photoshop:State", b"photoshop:Country",
    b"Iptc4xmpCore:Location", b"LocationCreated", b"LocationShown",
)  # fmt: skip
# What IPTC-IIM 4.2 calls one, where it is not empty: 2:26 and 27 location, 90 city, 92 sublocation, 95 province,
# 100 and 101 country. Photoshop's resource of it is 0x0404.
IPTC_PLACE, IPTC = re.compile(rb"\x1c\x02[\x1a\x1b\x5a\x5c\x5f\x64\x65](?!\0\0)"), 0x0404
HEXED = (
    "Raw profile type "  # a text of a PNG: its kind, its length, then EXIF, XMP or IPTC in hex (ImageMagick)
)


def main() -> None:
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # ours, asked before anything is decoded
    data = sys.stdin.buffer.read()
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            wide, high = opened.size
            if wide * high > MOST_PIXELS:
                sys.exit(f"{wide} × {high} is too large")
            place = _holds_place(opened, data)
            opened.draft("RGB", (MOST_SIDE, MOST_SIDE))  # a JPEG is decoded no larger than needed
            copy = _pixels_of(opened)
    except Exception as broken:  # Pillow raises nearly anything at a broken picture
        sys.exit(f"{type(broken).__name__}")
    made = io.BytesIO()
    copy.save(made, "JPEG", quality=QUALITY, optimize=True)
    said = {"width": copy.width, "height": copy.height, "holds_place": place}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + made.getvalue())


def _pixels_of(opened: Image.Image) -> Image.Image:
    """Shrunk, upright, on white: a new picture, so that nothing that is not a pixel comes along."""
    turned = opened.getexif().get(ORIENTATION)
    wanted = "RGBA" if opened.has_transparency_data else "RGB"
    small: Image.Image = opened if opened.mode == wanted else opened.convert(wanted)
    small.thumbnail((MOST_SIDE, MOST_SIDE))
    if turned is not None:  # said anew, as a converted picture may have lost it
        exif = small.getexif()
        exif[ORIENTATION] = turned
        small = ImageOps.exif_transpose(small)
    clean = Image.new("RGB", small.size, "white")
    clean.paste(small, mask=small if small.mode == "RGBA" else None)
    return clean


def _holds_place(opened: Image.Image, data: bytes) -> bool:
    """Whether it says where it was taken. Metadata that cannot be read may say it."""
    try:
        if opened.format == "PNG":
            opened.load()  # texts may follow the pixels
        hexed = [_from_hex(text) for name, text in opened.info.items() if str(name).startswith(HEXED)]
        if any(_is_placed(exif) for exif in (opened.getexif(), *map(_exif_of, hexed))):
            return True
        said: list[Any] = [data, *opened.info.values(), *hexed]
    except Exception:
        return True
    written = [value.encode(errors="replace") if isinstance(value, str) else value for value in said]
    if any(sign in value for value in written if isinstance(value, bytes) for sign in PLACES):
        return True
    resources = opened.info.get("photoshop") or {}
    return any(IPTC_PLACE.search(block) for block in (resources.get(IPTC, b""), *hexed))


def _is_placed(exif: Image.Exif) -> bool:
    return any(name > 0 for name in exif.get_ifd(GPS))  # 0 is the version alone


def _from_hex(text: str) -> bytes:
    return bytes.fromhex("".join(text.split()[2:]))


def _exif_of(profile: bytes) -> Image.Exif:
    """Empty, where the profile is of another kind."""
    exif = Image.Exif()
    if profile.startswith(b"Exif"):
        exif.load(profile)
    return exif


if __name__ == "__main__":
    main()
