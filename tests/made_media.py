"""Real files as phones send them, made here: pictures by Pillow, sound and films by ffmpeg."""

import io
import struct
import subprocess
import tempfile
import zlib
from functools import cache

import pillow_heif
from PIL import Image

from hotline.flow.prompts import Catalogue
from hotline.flow.turn import Clip
from hotline.media.ffmpeg import program
from tests.conftest import PLACEHOLDERS, ROOT

GPS, ARTIST, ORIENTATION = 0x8825, 0x013B, 0x0112
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
VCARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Somebody\r\nEND:VCARD\r\n"
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="13,45.3799N"/>'
    b"</rdf:RDF></x:xmpmeta>"
)


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (640, 480), *, artist: str = "", place: bool = False,
    turned: int = 0, xmp: bytes = b"",
) -> bytes:  # fmt: skip
    """Red above, blue below; what is asked for stands in its metadata."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, size[1] // 2, size[0], size[1]))
    exif = Image.Exif()
    if artist:
        exif[ARTIST] = artist
    if turned:
        exif[ORIENTATION] = turned
    if place:
        exif.get_ifd(GPS).update({1: "N", 2: (13.0, 45.0, 22.8), 3: "E", 4: (100.0, 30.0, 6.5)})
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    more = {"exif": exif.tobytes()} if len(exif) or place else {}
    made = io.BytesIO()
    image.save(made, kind, **more, **({"xmp": xmp} if xmp else {}))
    return made.getvalue()


def exif(*, place: bool) -> bytes:
    """As it stands in a file, of who took it and, if wished, where."""
    made = Image.Exif()
    made[ARTIST] = "Somebody"
    if place:
        made.get_ifd(GPS).update({1: "N", 2: (13.0, 45.0, 22.8), 3: "E", 4: (100.0, 30.0, 6.5)})
    return made.tobytes()


def iptc(dataset: int, says: bytes) -> bytes:
    """Photoshop's resource of IPTC-IIM, with one record of the application's (2:`dataset`)."""
    record = b"\x1c\x02\x00\x00\x02\x00\x04" + struct.pack(">BBBH", 0x1C, 2, dataset, len(says)) + says
    padded = record + b"\0" * (len(record) % 2)
    return b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + padded


def with_iptc(dataset: int, says: bytes) -> bytes:
    """A JPEG with it in APP13."""
    plain, block = picture(size=(20, 20)), b"Photoshop 3.0\0" + iptc(dataset, says)
    return plain[:2] + b"\xff\xed" + struct.pack(">H", len(block) + 2) + block + plain[2:]


def with_raw_profile(name: str, profile: bytes, chunk: str, *, last: bool = False) -> bytes:
    """A PNG with a profile as ImageMagick writes it: its name, its length, then hex, in lines of 72."""
    hexed = profile.hex()
    lines = "\n".join(hexed[at : at + 72] for at in range(0, len(hexed), 72))
    said = f"\n{name}\n{len(profile):8d}\n{lines}\n".encode()
    key = f"Raw profile type {name}".encode() + b"\0"
    data = {
        "tEXt": key + said,
        "zTXt": key + b"\0" + zlib.compress(said),
        "iTXt": key + b"\1\0\0\0" + zlib.compress(said),
    }[chunk]
    plain = picture("PNG", (20, 20))
    at = plain.index(b"IEND" if last else b"IDAT") - 4
    return plain[:at] + _chunk(chunk.encode(), data) + plain[at:]


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(wide: int = 30_000, high: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that would unfold to 900 million pixels."""
    rows = zlib.compress(b"\0" * 1000, 9)
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


@cache
def spoken() -> bytes:
    """A prompt as eSpeak says it, as WAV."""
    return Catalogue.load(ROOT / "ivr_prompts", PLACEHOLDERS).sound(Clip("rights", "my")).audio


FILMED = ["-f", "lavfi", "-i", "testsrc=size=176x144:rate=10:duration=4"]
SOUNDS: dict[str, tuple[list[str], list[str]]] = {  # (more inputs, how it is encoded)
    "amr": ([], ["-ar", "8000", "-ac", "1", "-c:a", "libopencore_amrnb", "-b:a", "12.2k", "-f", "amr"]),
    "3gp": (FILMED, ["-ar", "8000", "-ac", "1", "-c:a", "libopencore_amrnb", "-c:v", "h263", "-f", "3gp"]),
    "webm": ([], ["-c:a", "libopus", "-f", "webm"]),
    "ogg": ([], ["-c:a", "libopus", "-f", "ogg"]),
    "m4a": ([], ["-c:a", "aac", "-f", "ipod"]),
    "mp4": (FILMED, ["-c:a", "aac", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-f", "mp4"]),
    "mp3": ([], ["-c:a", "libmp3lame", "-f", "mp3"]),
    "wav": ([], ["-f", "wav"]),
}


@cache
def sound(kind: str, place: str = "") -> bytes:
    """Somebody speaks for four seconds; `place` (ISO 6709) stands in the file as phones write it."""
    more, encoding = SOUNDS[kind]
    told = ["-metadata", f"location={place}"] if place else []
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as made, tempfile.NamedTemporaryFile() as given:
        given.write(spoken())
        given.flush()
        command = [
            program(),
            "-y",
            "-loglevel",
            "error",
            "-i",
            given.name,
            *more,
            "-t",
            "4",
            *told,
            *encoding,
            made.name,
        ]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        return made.read() or open(made.name, "rb").read()
