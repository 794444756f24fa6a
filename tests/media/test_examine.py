"""What came with a text is known by its content; a picture's copy says nothing but its pixels."""

import io
import time

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from hotline.media import picture as making
from hotline.media.examine import examine
from hotline.media.kinds import kind_of
from hotline.media.picture import CannotShow, copy_picture
from hotline.media.shrink import MOST_SIDE
from tests.made_media import (
    GPS,
    HTML,
    PDF,
    SOUNDS,
    VCARD,
    XMP,
    bomb,
    exif,
    iptc,
    picture,
    sound,
    with_iptc,
    with_raw_profile,
)  # fmt: skip

SENTENCE = "They keep my passport in the red house"


def _opened(jpeg: bytes) -> Image.Image:
    shown = Image.open(io.BytesIO(jpeg), formats=["JPEG"])
    shown.load()
    return shown


@pytest.mark.parametrize(
    ("kind", "says"),
    [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "WebP"), ("GIF", "GIF"), ("HEIF", "HEIC"), ("AVIF", "AVIF")],
)
def test_every_kind_of_picture_is_shown_as_a_jpeg(kind: str, says: str) -> None:
    found = examine(picture(kind))
    assert (found.kind, found.format, found.whole, found.holds_place) == ("picture", says, True, False)
    assert found.picture and (found.picture.width, found.picture.height) == (640, 480)
    shown = _opened(found.picture.copy)
    red, blue = shown.getpixel((320, 20)), shown.getpixel((320, 460))
    assert isinstance(red, tuple) and red[0] > 200 > 60 > red[2]
    assert isinstance(blue, tuple) and blue[2] > 200 > 60 > blue[0]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_the_copy_says_neither_where_nor_who(kind: str) -> None:
    original = picture(kind, artist=SENTENCE, place=True)
    assert SENTENCE.encode() in original and Image.open(io.BytesIO(original)).getexif().get_ifd(GPS)
    found = examine(original)
    assert found.picture and found.holds_place
    shown = _opened(found.picture.copy)
    assert SENTENCE.encode() not in found.picture.copy
    assert not shown.getexif() and set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_place_in_xmp_is_one_too(kind: str) -> None:
    more = {"xmp": XMP} if kind != "PNG" else {}
    original = picture(kind, **more)  # type: ignore[arg-type]
    if kind == "PNG":
        made, info = io.BytesIO(), PngInfo()
        info.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
        Image.new("RGB", (20, 20)).save(made, "PNG", pnginfo=info)
        original = made.getvalue()
        assert b"GPSLatitude" not in original, "it is compressed"
    assert examine(original).holds_place


@pytest.mark.parametrize("brand", [b"avif", b"avis", b"heic", b"hevc", b"mif1", b"msf1"])
def test_a_picture_that_cannot_be_read_is_a_file_and_never_a_voice_note(brand: bytes) -> None:
    broken = b"\0\0\0\x20ftyp" + brand + bytes(500)
    found = examine(broken)
    assert (found.kind, found.whole, found.heard) == ("file", False, None)


@pytest.mark.parametrize("dataset", [26, 27, 90, 92, 95, 100, 101])
def test_a_place_in_iptc_is_one_too(dataset: int) -> None:
    assert examine(with_iptc(dataset, b"Mae Sot")).holds_place
    assert not examine(with_iptc(dataset, b"")).holds_place
    assert not examine(with_iptc(120, b"a caption")).holds_place


@pytest.mark.parametrize("last", [False, True], ids=["before its pixels", "after them"])
@pytest.mark.parametrize("chunk", ["tEXt", "zTXt", "iTXt"])
@pytest.mark.parametrize(
    ("name", "profile", "place"),
    [
        ("xmp", XMP, True),
        ("APP1", b"http://ns.adobe.com/xap/1.0/\0" + XMP, True),
        ("exif", exif(place=True), True),
        ("APP1", exif(place=True), True),
        ("iptc", iptc(90, b"Mae Sot"), True),
        ("8bim", iptc(101, b"Thailand"), True),
        ("xmp", b"<x:xmpmeta/>", False),
        ("exif", exif(place=False), False),
        ("iptc", iptc(120, b"a caption"), False),
    ],
    ids=[
        "XMP",
        "XMP as APP1",
        "EXIF",
        "EXIF as APP1",
        "IPTC",
        "IPTC as 8BIM",
        "no XMP",
        "no EXIF",
        "no IPTC",
    ],
)
def test_a_place_in_a_profile_that_imagemagick_wrote_in_hex_is_one_too(
    name: str, profile: bytes, place: bool, chunk: str, last: bool
) -> None:
    original = with_raw_profile(name, profile, chunk, last=last)
    assert b"GPSLatitude" not in original and b"Mae Sot" not in original
    assert examine(original).holds_place is place


def test_a_profile_that_is_not_what_it_says_may_hold_a_place() -> None:
    made, info = io.BytesIO(), PngInfo()
    info.add_text("Raw profile type xmp", "\nxmp\n      4\nno hex\n")
    Image.new("RGB", (20, 20)).save(made, "PNG", pnginfo=info)
    assert examine(made.getvalue()).holds_place


def test_a_comment_and_a_profile_of_colours_stay_behind() -> None:
    made = io.BytesIO()
    Image.new("RGB", (50, 50)).save(made, "JPEG", comment=SENTENCE, icc_profile=b"x" * 500)
    copy = copy_picture(made.getvalue()).copy
    assert SENTENCE.encode() not in copy and b"ICC_PROFILE" not in copy


@pytest.mark.parametrize(("turned", "size", "top"), [(3, (640, 480), "blue"), (6, (480, 640), "")])
def test_it_stands_upright(turned: int, size: tuple[int, int], top: str) -> None:
    made = copy_picture(picture(turned=turned))
    assert (made.width, made.height) == size
    shown = _opened(made.copy)
    pixel = shown.getpixel((size[0] // 2, 10) if top else (size[0] - 10, size[1] // 2))
    assert isinstance(pixel, tuple) and (pixel[2] > 200 if top else pixel[0] > 200)


def test_a_large_photograph_is_bounded_and_a_transparent_one_lies_on_white() -> None:
    large = copy_picture(picture(size=(6000, 4500)))
    assert max(large.width, large.height) == MOST_SIDE and large.width * 3 == large.height * 4
    made = io.BytesIO()
    Image.new("RGBA", (60, 60), (0, 0, 0, 0)).save(made, "PNG")
    assert _opened(copy_picture(made.getvalue()).copy).getpixel((30, 30)) == (255, 255, 255)


def test_a_bomb_is_refused_at_once_and_kept_shut() -> None:
    began = time.monotonic()
    with pytest.raises(CannotShow, match="too large"):
        copy_picture(bomb())
    assert time.monotonic() - began < 10
    found = examine(bomb())
    assert (found.kind, found.format, found.whole) == ("file", "PNG that cannot be read", False)


def test_what_takes_too_much_memory_or_time_ends_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    large = io.BytesIO()
    Image.linear_gradient("L").resize((7700, 7700)).convert("RGBA").save(large, "PNG", compress_level=1)
    assert copy_picture(large.getvalue()).copy
    monkeypatch.setattr("hotline.media.limits.MEMORY", 300 * 1024 * 1024)
    with pytest.raises(CannotShow):
        copy_picture(large.getvalue())
    monkeypatch.setattr(making, "PATIENCE", 0.01)
    with pytest.raises(CannotShow, match="too long"):
        copy_picture(picture())


@pytest.mark.parametrize("broken", [picture()[:500], b"\xff\xd8\xff" + b"x" * 900, picture("PNG")[:200]])
def test_a_broken_picture_is_a_file_that_may_have_come_broken(broken: bytes) -> None:
    found = examine(broken)
    assert (found.kind, found.whole, found.picture) == ("file", False, None)


@pytest.mark.parametrize("kind", sorted(SOUNDS))
def test_every_kind_of_voice_note_is_heard(kind: str) -> None:
    found = examine(sound(kind))
    assert (found.kind, found.whole) == ("voice", True), found.format
    assert found.heard and found.heard.verdict == "speech" and abs(found.heard.seconds - 4) < 0.5
    assert found.heard.playback and found.heard.peaks and not found.holds_place


@pytest.mark.parametrize("kind", ["mp4", "3gp"])
def test_a_film_that_names_its_place_is_marked_and_its_sound_is_not(kind: str) -> None:
    found = examine(sound(kind, "+13.7563+100.5018/"))
    assert found.holds_place and found.heard
    assert b"13.7563" not in found.heard.playback


@pytest.mark.parametrize(
    ("data", "format", "whole"),
    [
        (HTML, "unknown", False),
        (PDF, "PDF", True),
        (VCARD, "vCard", True),
        (b"", "unknown", False),
        (b"\xff", "unknown", False),
    ],
)
def test_anything_else_stays_shut(data: bytes, format: str, whole: bool) -> None:
    found = examine(data)
    assert (found.kind, found.format, found.whole) == ("file", format, whole)


def test_a_riff_is_a_picture_or_a_sound_by_what_it_says_inside() -> None:
    assert kind_of(picture("WEBP")).says == "WebP" and kind_of(sound("wav")).says == "WAV"
    assert kind_of(b"RIFF\0\0\0\0AVI ").says == "" and kind_of(b"xxxx\0\0\0\0WAVE").says == ""
