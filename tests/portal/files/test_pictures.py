"""Pictures: encoded anew, and nothing kept of them but what is to be seen."""

import io
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from portal.files.examination import examine
from tests.factories.files import image_of, stored_file

# The lower right of an upright picture, as a camera held sideways stores it.
_TURNED = 6
MARKS = (b"Exif", b"Sample Camera", b"GPS", b"a remark", b"xpacket", b"ICC_PROFILE")


def taken(content: bytes) -> Image.Image:
    """The picture as it would be kept."""
    return Image.open(examine(ContentFile(content)).content)


def photograph() -> bytes:
    """A JPEG as a telephone makes it: sideways, with camera, place and a remark."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Sample Camera"
    exif[ExifTags.Base.Orientation] = _TURNED
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (22.0, 49.0, 2.0)
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    picture = Image.new("RGB", (40, 30), "white")
    picture.paste("red", (0, 0, 10, 10))
    written = io.BytesIO()
    picture.save(
        written, "JPEG", exif=exif, comment=b"a remark", xmp=b"<?xpacket?>", quality=95
    )
    return written.getvalue()


def test_what_a_camera_says_is_taken_away():
    given = photograph()
    assert ExifTags.IFD.GPSInfo in Image.open(io.BytesIO(given)).getexif()
    assert b"Sample Camera" in given
    assert b"a remark" in given

    examined = examine(ContentFile(given))

    kept = examined.content.read()
    assert [mark for mark in MARKS if mark in kept] == []
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_picture_stands_upright():
    kept = taken(photograph())

    assert kept.size == (30, 40)
    red, _green, blue = kept.getpixel((25, 4))
    assert red > 200
    assert blue < 80


def test_what_hides_behind_the_picture_is_gone():
    kept = examine(ContentFile(image_of("PNG") + b"<script>")).content.read()

    assert b"<script>" not in kept


def test_remarks_of_a_png_are_gone():
    remark = PngImagePlugin.PngInfo()
    remark.add_text("Author", "Sample Author")
    remark.add_itxt("Note", "Sample Author", zip=True)

    kept = taken(image_of("PNG", pnginfo=remark))

    assert kept.text == {}


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
def test_profile_becomes_srgb(form):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    kept = taken(image_of(form, icc_profile=profile))

    assert "icc_profile" not in kept.info
    assert kept.convert("RGB").getpixel((5, 5))[2] == pytest.approx(128, abs=4)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_transparent_picture_stays_so(form):
    written = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(written, form)

    assert taken(written.getvalue()).getpixel((4, 4))[3] == 0


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
def test_jpeg_of_any_colours_is_taken(mode):
    written = io.BytesIO()
    Image.new(mode, (9, 9)).save(written, "JPEG")

    assert taken(written.getvalue()).size == (9, 9)


def test_large_picture_is_made_smaller(settings):
    settings.PICTURE_LONGEST_SIDE = 20

    examined = examine(ContentFile(image_of("PNG", (40, 30))))

    assert (examined.width, examined.height) == (20, 15)


def test_picture_that_promises_too_much_is_refused_unopened():
    """A few bytes that would become 60,000 times 60,000 pixels."""
    small = image_of("PNG", (1, 1))
    header = bytearray(small[12:29])
    header[4:12] = (60_000).to_bytes(4, "big") * 2
    bomb = small[:12] + header + zlib.crc32(header).to_bytes(4, "big") + small[33:]

    with pytest.raises(ValidationError, match="it is damaged"):
        examine(ContentFile(bomb))


def test_picture_beyond_the_limit_is_refused_with_its_number(settings):
    settings.PICTURE_MOST_PIXELS = 1199

    with pytest.raises(ValidationError) as told:
        examine(ContentFile(image_of("JPEG", (40, 30))))

    assert told.value.messages == [
        "The picture has 1200 pixels; the limit is 1199. Shrink it."
    ]


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_moving_picture_is_refused(form):
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    written = io.BytesIO()
    frames[0].save(written, form, save_all=True, append_images=frames[1:])

    with pytest.raises(ValidationError, match="The picture moves"):
        examine(ContentFile(written.getvalue()))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_picture_that_is_cut_off_is_refused(form):
    whole = image_of(form, (400, 300))

    for end in (17, len(whole) // 2):
        with pytest.raises(ValidationError, match="it is damaged"):
            examine(ContentFile(whole[:end]))


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><svg/>",
        b"<!doctype html><html>",
        b"GIF89a",
        b"RIFF\x00\x00\x00\x00AVI LIST",
        b"BM\x00\x00",
    ],
)
def test_other_kinds_are_refused_by_their_bytes(content):
    with pytest.raises(ValidationError, match="The file is none of these: PDF, DOCX"):
        examine(ContentFile(content))


@pytest.mark.django_db
def test_same_photograph_is_kept_once():
    assert stored_file(photograph(), "a.jpg") == stored_file(photograph(), "b.jpg")
