"""Pictures encoded anew: what pages show holds pixels and nothing else.

Where and when a photograph was taken, by whom and with what (EXIF, GPS, XMP, comments),
and whatever hides behind its last byte, stays outside. ICC profiles are turned into
sRGB, so that colours stay as they were.
"""

import io
import warnings
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

# How each kind is written; WebP and JPEG lose what nobody sees.
_WRITTEN = {
    "JPEG": {"quality": 88, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 88, "method": 4},
}
# What Pillow raises for a file that is broken or made to do harm.
_BROKEN = (
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

# Brands of HEIF (ISO 23008-12) and AVIF, which telephones and cameras write.
_NOT_ACCEPTED_BRANDS = {
    *(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"),
    *(b"mif1", b"mif2", b"msf1", b"miaf", b"MiHB", b"MiHE", b"MiHA", b"MiPr"),
    *(b"avif", b"avis", b"avio", b"MA1A", b"MA1B"),
}
# Longest list of brands that is read, in bytes.
LONGEST_HEAD = 256


@dataclass(frozen=True)
class Encoded:
    """A picture as it is kept; ``width`` and ``height`` in pixels."""

    content: File
    width: int
    height: int


def check_no_heif(head: bytes, accepted: str) -> None:
    """Raise ValidationError for a HEIC, HEIF or AVIF picture.

    ``head`` is the first LONGEST_HEAD bytes of the file; ``accepted`` names the kinds
    of pictures that may be uploaded.
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


def encode_anew(content: File, form: str) -> Encoded:
    """The picture in ``content``, upright, without anything said about it.

    ``form`` is Pillow's name of what the first bytes say it is. It is made smaller when
    a side is longer than PICTURE_LONGEST_SIDE. Raises ValidationError when it moves,
    has more than PICTURE_MOST_PIXELS, or cannot be read to its end.
    """
    content.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(content, formats=[form]) as picture:
                _check(picture, form)
                return _written(_plain(picture, form), form)
        except _BROKEN:
            raise ValidationError(
                _("The picture cannot be read: it is damaged. Save it anew.")
            ) from None


def _check(picture: Image.Image, form: str) -> None:
    """Read off its first bytes, before anything is unpacked."""
    pixels, most = picture.width * picture.height, settings.PICTURE_MOST_PIXELS
    if pixels > most:
        raise ValidationError(
            _("The picture has %(pixels)s pixels; the limit is %(most)s. Shrink it."),
            params={"pixels": pixels, "most": most},
        )
    # A telephone puts a second view of the same into a JPEG; only the first is kept.
    if form != "JPEG" and getattr(picture, "n_frames", 1) > 1:
        raise ValidationError(
            _("The picture moves. Upload a still picture, or a film as MP4.")
        )


def _plain(picture: Image.Image, form: str) -> Image.Image:
    """Upright, in sRGB, no larger than needed, its remarks taken away."""
    upright = _in_srgb(ImageOps.exif_transpose(picture))
    has_alpha = upright.mode in ("RGBA", "LA", "PA", "La", "RGBa") or (
        "transparency" in upright.info
    )
    mode = "L" if upright.mode in ("1", "L") and not has_alpha else "RGB"
    plain = upright.convert("RGBA" if has_alpha and form != "JPEG" else mode)
    longest = settings.PICTURE_LONGEST_SIDE
    plain.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    plain.info.clear()
    return plain


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return picture
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(
            picture, given, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except ImageCms.PyCMSError:
        return picture


def _written(picture: Image.Image, form: str) -> Encoded:
    written = io.BytesIO()
    picture.save(written, form, **_WRITTEN[form])
    return Encoded(ContentFile(written.getvalue()), picture.width, picture.height)
