"""Uploaded pictures are encoded again, so that only their pixels are stored."""

import io
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from portal.core.files.upload_validation import validate_upload
from tests.factories.files import image_of, stored_file

# EXIF orientation 6: the picture is shown upright after a clockwise turn by 90°.
_TURNED = 6
MARKS = (b"Exif", b"Sample Camera", b"GPS", b"a remark", b"xpacket", b"ICC_PROFILE")


def taken(content: bytes) -> Image.Image:
    """Return the picture as the portal would store it."""
    return Image.open(validate_upload(ContentFile(content)).content)


def photograph() -> bytes:
    """Return a JPEG as from a phone: rotated, with camera, GPS position and comment."""
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


def test_camera_metadata_is_removed():
    original = photograph()
    assert ExifTags.IFD.GPSInfo in Image.open(io.BytesIO(original)).getexif()
    assert b"Sample Camera" in original
    assert b"a remark" in original

    examined = validate_upload(ContentFile(original))

    stored = examined.content.read()
    assert [mark for mark in MARKS if mark in stored] == []
    assert not Image.open(io.BytesIO(stored)).getexif()


def test_exif_orientation_is_applied():
    stored = taken(photograph())

    assert stored.size == (30, 40)
    red, _green, blue = stored.getpixel((25, 4))
    assert red > 200
    assert blue < 80


def test_trailing_data_is_removed():
    stored = validate_upload(ContentFile(image_of("PNG") + b"<script>")).content.read()

    assert b"<script>" not in stored


def test_png_text_chunks_are_removed():
    remark = PngImagePlugin.PngInfo()
    remark.add_text("Author", "Sample Author")
    remark.add_itxt("Note", "Sample Author", zip=True)

    stored = taken(image_of("PNG", pnginfo=remark))

    assert stored.text == {}


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
def test_color_profile_is_converted_to_srgb(form):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    stored = taken(image_of(form, icc_profile=profile))

    assert "icc_profile" not in stored.info
    assert stored.convert("RGB").getpixel((5, 5))[2] == pytest.approx(128, abs=4)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_transparency_is_preserved(form):
    written = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(written, form)

    assert taken(written.getvalue()).getpixel((4, 4))[3] == 0


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
def test_jpeg_of_any_color_mode_is_accepted(mode):
    written = io.BytesIO()
    Image.new(mode, (9, 9)).save(written, "JPEG")

    assert taken(written.getvalue()).size == (9, 9)


def test_large_picture_is_downscaled(settings):
    settings.PICTURE_MAX_SIDE = 20

    examined = validate_upload(ContentFile(image_of("PNG", (40, 30))))

    assert (examined.width, examined.height) == (20, 15)


def test_picture_with_huge_declared_size_is_rejected_unopened():
    """A header of a few bytes declares 60,000 × 60,000 pixels."""
    pixel = image_of("PNG", (1, 1))
    header = bytearray(pixel[12:29])
    header[4:12] = (60_000).to_bytes(4, "big") * 2
    bomb = pixel[:12] + header + zlib.crc32(header).to_bytes(4, "big") + pixel[33:]

    with pytest.raises(ValidationError, match="The picture is damaged"):
        validate_upload(ContentFile(bomb))


def test_oversized_picture_error_states_pixel_count(settings):
    settings.PICTURE_MAX_PIXELS = 1199

    with pytest.raises(ValidationError) as error_info:
        validate_upload(ContentFile(image_of("JPEG", (40, 30))))

    assert error_info.value.messages == [
        (
            "The picture has 1200 pixels. It must have 1199 pixels or "
            "fewer. Make it smaller."
        )
    ]


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_animated_picture_is_rejected(form):
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    written = io.BytesIO()
    frames[0].save(written, form, save_all=True, append_images=frames[1:])

    with pytest.raises(ValidationError, match="an animated picture"):
        validate_upload(ContentFile(written.getvalue()))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_truncated_picture_is_rejected(form):
    complete = image_of(form, (400, 300))

    for end in (17, len(complete) // 2):
        with pytest.raises(ValidationError, match="The picture is damaged"):
            validate_upload(ContentFile(complete[:end]))


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
def test_other_image_formats_are_rejected_by_content(content):
    with pytest.raises(ValidationError, match="one of these types: PDF, DOCX"):
        validate_upload(ContentFile(content))


@pytest.mark.django_db
def test_same_photograph_is_stored_once():
    assert stored_file(photograph(), "a.jpg") == stored_file(photograph(), "b.jpg")
