"""Sources, public files and pictures of records."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType

from portal.content.publishing.models import (
    Attachment,
    Illustration,
    Publishable,
)
from portal.content.publishing.public_sources import PublicSource, read_public_sources
from portal.core.files.models import Picture
from portal.core.languages import LANGUAGES_BY_CODE, Language
from portal.core.translations.localized_text import (
    LocalizedText,
    get_localized_columns,
    localized,
)


@dataclass(frozen=True)
class PublicFile:
    """Publicly attached file; ``language`` is a BCP 47 tag, ``size`` is in bytes."""

    url: str
    name: str
    title: str
    language: str
    media_type: str
    size: int


@dataclass(frozen=True)
class PublicPicture:
    """Picture with localized texts; ``width`` and ``height`` are in pixels."""

    url: str
    media_type: str
    width: int
    height: int
    alternative: LocalizedText
    caption: LocalizedText | None
    credit: str


@dataclass
class SourcesAndFiles:
    """Sources, public files and pictures of a record, each list in display order."""

    sources: list[PublicSource] = field(default_factory=list)
    files: list[PublicFile] = field(default_factory=list)
    pictures: list[PublicPicture] = field(default_factory=list)

    @property
    def picture_texts(self) -> list[LocalizedText]:
        """Return the alternative texts and captions of the pictures."""
        text_pairs = [
            (picture.alternative, picture.caption) for picture in self.pictures
        ]
        return [text for pair in text_pairs for text in pair if text]


def load_sources_and_files(
    records: Iterable[Publishable], language: Language
) -> dict[int, SourcesAndFiles]:
    """Load sources, public files and pictures of ``records``, which are of one model.

    Returns a dict by primary key with an entry for every record; texts are localized
    for ``language``. Pictures without alternative text in any fallback language are
    omitted. Runs three queries, and another one if a source is an archived copy or has
    one.
    """
    records = list(records)
    result = {
        pk: SourcesAndFiles(sources)
        for pk, sources in read_public_sources(records).items()
    }
    if not records:
        return result
    record_filter = {
        "content_type": ContentType.objects.get_for_model(records[0]),
        "object_id__in": list(result),
    }
    attachments = Attachment.objects.filter(**record_filter, is_public=True)
    for attachment in attachments.select_related("file"):
        result[attachment.object_id].files.append(_build_file(attachment))
    illustrations = Illustration.objects.filter(**record_filter)
    picture_columns = _get_picture_columns(language)
    for illustration in illustrations.select_related("picture__file").only(
        "object_id", *picture_columns
    ):
        if picture := _build_picture(illustration.picture, language):
            result[illustration.object_id].pictures.append(picture)
    return result


def _build_file(attachment: Attachment) -> PublicFile:
    file = attachment.file
    return PublicFile(
        url=file.get_absolute_url(),
        name=file.name,
        title=attachment.title,
        language=LANGUAGES_BY_CODE[attachment.language].tag,
        media_type=file.media_type,
        size=file.size,
    )


def _get_picture_columns(language: Language) -> list[str]:
    """Return the paths from an illustration to the columns that are shown."""
    texts = [
        *get_localized_columns("alternative", language),
        *get_localized_columns("caption", language),
    ]
    file_columns = ("sha256", "name", "media_type", "width", "height")
    return [
        *(f"picture__{name}" for name in ("credit", *texts)),
        *(f"picture__file__{name}" for name in file_columns),
    ]


def _build_picture(picture: Picture, language: Language) -> PublicPicture | None:
    """Build a localized picture; None without alternative text in any fallback
    language."""
    alternative = localized(picture, "alternative", language)
    if alternative is None:
        return None
    return PublicPicture(
        url=picture.file.get_absolute_url(),
        media_type=picture.file.media_type,
        width=picture.file.width,
        height=picture.file.height,
        alternative=alternative,
        caption=localized(picture, "caption", language),
        credit=picture.credit,
    )
