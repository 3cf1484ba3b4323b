"""Re-encoding of uploaded pictures, so that stored pictures hold only pixels.

Metadata (EXIF, GPS, XMP, comments: place, time, author and camera) and data after the
end of the picture are dropped. Colours are converted from the ICC profile to sRGB, so
that they look the same.
"""

import io
import warnings
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

# Pillow's options for each format; JPEG and WebP with no visible loss.
_SAVE_OPTIONS = {
    "JPEG": {"quality": 88, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 88, "method": 4},
}
# Exceptions that Pillow raises for damaged and malicious files.
_DECODING_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    OverflowError,
    TypeError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)

# Brands of HEIF (ISO 23008-12) and AVIF, which phones and cameras write.
_NOT_ACCEPTED_BRANDS = {
    *(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"),
    *(b"mif1", b"mif2", b"msf1", b"miaf", b"MiHB", b"MiHE", b"MiHA", b"MiPr"),
    *(b"avif", b"avis", b"avio", b"MA1A", b"MA1B"),
}
# Number of bytes from the start of a file that are searched for brands.
HEAD_LENGTH = 256


@dataclass(frozen=True)
class EncodedPicture:
    """Re-encoded picture with its ``width`` and ``height`` in pixels."""

    content: File
    width: int
    height: int


def check_no_heif(head: bytes, accepted: str) -> None:
    """Raise ValidationError for a HEIC, HEIF or AVIF picture.

    ``head`` is the first HEAD_LENGTH bytes of the file; ``accepted`` lists the picture
    formats that may be uploaded, for the error message.
    """
    if head[4:8] != b"ftyp":
        return
    size = int.from_bytes(head[:4], "big")
    brands = {head[8:12]} | {
        head[at : at + 4] for at in range(16, min(size, len(head)), 4)
    }
    if brands & _NOT_ACCEPTED_BRANDS:
        raise ValidationError(
            _(
                "HEIC, HEIF and AVIF pictures are not accepted. Save the picture as "
                "JPEG and upload it again. Accepted pictures: %(names)s."
            ),
            params={"names": accepted},
        )


def reencode_picture(content: File, image_format: str) -> EncodedPicture:
    """Return the picture re-encoded: upright, in sRGB and without metadata.

    ``image_format`` is Pillow's name of the format detected from the first bytes. A
    picture with a side longer than the configured maximum is scaled down. Raises
    ValidationError if the picture is animated, has too many pixels or is damaged.
    """
    content.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(content, formats=[image_format]) as picture:
                _check_pixels_and_frames(picture, image_format)
                return _encode(_normalize(picture, image_format), image_format)
        except _DECODING_ERRORS:
            raise ValidationError(
                _(
                    "The picture is damaged and cannot be read. Save it again, then "
                    "upload it."
                )
            ) from None


def _check_pixels_and_frames(picture: Image.Image, image_format: str) -> None:
    """Raise ValidationError if the picture has too many pixels or is animated.

    Reads only the header, before pixels are decoded.
    """
    pixels, max_pixels = picture.width * picture.height, settings.PICTURE_MAX_PIXELS
    if pixels > max_pixels:
        raise ValidationError(
            _(
                "The picture has %(pixels)s pixels. It must have %(most)s "
                "pixels or fewer. Make it smaller."
            ),
            params={"pixels": pixels, "most": max_pixels},
        )
    # Phones add a second view of the scene to a JPEG; only the first one is used.
    if image_format != "JPEG" and getattr(picture, "n_frames", 1) > 1:
        raise ValidationError(
            _("This is an animated picture. Upload a still picture or an MP4 video.")
        )


def _normalize(picture: Image.Image, image_format: str) -> Image.Image:
    """Return the picture upright, in sRGB, scaled down and without metadata."""
    upright = _convert_to_srgb(ImageOps.exif_transpose(picture))
    has_alpha = upright.mode in ("RGBA", "LA", "PA", "La", "RGBa") or (
        "transparency" in upright.info
    )
    mode = "L" if upright.mode in ("1", "L") and not has_alpha else "RGB"
    converted = upright.convert(
        "RGBA" if has_alpha and image_format != "JPEG" else mode
    )
    max_side = settings.PICTURE_MAX_SIDE
    converted.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    converted.info.clear()
    return converted


def _convert_to_srgb(picture: Image.Image) -> Image.Image:
    """Convert the picture from its ICC profile to sRGB, if it has a usable one."""
    profile_bytes = picture.info.get("icc_profile")
    if not profile_bytes or picture.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return picture
    try:
        source_profile = ImageCms.ImageCmsProfile(io.BytesIO(profile_bytes))
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(
            picture, source_profile, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except ImageCms.PyCMSError:
        return picture


def _encode(picture: Image.Image, image_format: str) -> EncodedPicture:
    buffer = io.BytesIO()
    picture.save(buffer, image_format, **_SAVE_OPTIONS[image_format])
    return EncodedPicture(ContentFile(buffer.getvalue()), picture.width, picture.height)
