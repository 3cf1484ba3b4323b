"""API responses about all records, and a client that only follows the change feed."""

from collections.abc import Callable, Iterable

from django.core.cache import cache
from django.db import models
from django.test import Client
from django.urls import reverse

from portal.content.catalogue.registry import all_kinds
from portal.content.catalogue.tasks import extract_file_text
from portal.content.publishing.models import Publishable
from portal.core.files.models import Picture, StoredFile
from portal.core.files.upload_validation import PDF
from portal.core.languages import LANGUAGES_BY_CODE
from portal.reference.directory.models import Country, NamedParty, Organ, Place, Topic
from tests.factories import directory, files
from tests.factories import publishing as states
from tests.project.related_records import fresh, owner_of, part, parts_of, pointers

# Kind, code, language.
Key = tuple[str, str, str]


# Returns the languages in which the records of a kind are requested.
LanguagesOf = Callable[[str], Iterable[str]]


def all_in(*languages: str) -> LanguagesOf:
    """Request the records of every kind in each of ``languages``."""
    return lambda _kind: languages


def in_rotation(count: int) -> LanguagesOf:
    """Request the records of each kind in ``count`` languages, in rotation.

    With two or more, every language occurs. A change in the feed names a record and no
    language, and is found by a digest of all languages, so that no rule depends on the
    pair of a kind and a language.
    """
    codes, kinds = list(LANGUAGES_BY_CODE), [kind.code for kind in all_kinds()]
    step = len(codes) // count

    def languages_of(kind: str) -> list[str]:
        first = kinds.index(kind)
        return [codes[(first + step * number) % len(codes)] for number in range(count)]

    return languages_of


def crawl(languages_of: LanguagesOf) -> dict[Key, dict]:
    """Return the list item of every public record in the languages of its kind."""
    cache.clear()
    client, items = Client(), {}
    for kind in all_kinds():
        for language in languages_of(kind.code):
            url = reverse(f"api-{kind.code}-list")
            page = client.get(url, {"lang": language, "page_size": 100}).json()
            assert page["next"] is None
            for record in page["results"]:
                code = str(record[kind.model.code_field])
                items[kind.code, code, language] = record
    return items


def content(items: dict[Key, dict]) -> dict[Key, dict]:
    """Return ``items`` without the fields that every recorded change updates."""
    return {
        key: {
            name: value
            for name, value in item.items()
            if name not in ("revision", "changed_at")
        }
        for key, item in items.items()
    }


def changed(before: dict[Key, dict], after: dict[Key, dict]) -> set[tuple[str, str]]:
    """Return (kind, code) of the records with different content in any language."""
    old, new = content(before), content(after)
    return {key[:2] for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


class Mirror:
    """Client that re-reads only records named in the feed.

    ``copies`` are the items of its first crawl in ``languages_of``.
    """

    def __init__(self, languages_of: LanguagesOf, copies: dict[Key, dict]):
        self.languages_of = languages_of
        self.copies = dict(copies)
        self.position = 0
        self.skip()

    def skip(self) -> None:
        """Move to the end of the feed without reading records."""
        self._read_feed()

    def follow(self) -> set[tuple[str, str]]:
        """Read the feed and each record in it; return (kind, code) of those records."""
        records = self._read_feed()
        cache.clear()
        client = Client()
        for kind, code in records:
            for language in self.languages_of(kind):
                url = reverse(f"api-{kind}-detail", kwargs={"code": code})
                response = client.get(url, {"lang": language})
                self.copies.pop((kind, code, language), None)
                if response.status_code == 200:
                    self.copies[kind, code, language] = response.json()
        return records

    def _read_feed(self) -> set[tuple[str, str]]:
        cache.clear()
        url, records = f"{reverse('api-changes')}?after={self.position}", set()
        while url:
            page = Client().get(url).json()
            for change in page["results"]:
                records.add((change["kind"], change["code"]))
                self.position = change["position"]
            url = page["next"]
        return records


class World:
    """Published records of every kind that all refer to the same rows."""

    def __init__(self):
        country = states.published(directory.country("VN"))
        place = directory.place("ha-noi", country=country)
        self.shared: dict[type[models.Model], models.Model] = {
            Country: country,
            Place: place,
            Topic: directory.topic("training"),
            NamedParty: directory.party(country=country),
            Organ: states.published(
                directory.organ("vn-spp", country=country, place=place)
            ),
            Picture: files.picture(alternative_en="A sample hall."),
        }
        directory.country("LA")
        # All records refer to this organ, but it is not public.
        self.draft = directory.organ("vn-draft", country=country)
        self.records: list[Publishable] = [country, self.shared[Organ]]
        models_of_kinds = [kind.model for kind in all_kinds()]
        for model in sorted(models_of_kinds, key=_reference_order):
            record = self._make(model)
            self.shared.setdefault(model, record)
            self.records.append(record)
        self._extract_texts_of_files()

    def of(self, kind: str) -> Publishable:
        """Return the record of ``kind`` to which others refer, reloaded."""
        record = next(candidate for candidate in self.records if candidate.kind == kind)
        return type(record).objects.get(pk=record.pk)

    def _extract_texts_of_files(self) -> None:
        """Run the jobs that read the files, as a worker does after a publication.

        Otherwise every later change of a record would start such a job again.
        """
        for stored in StoredFile.objects.filter(media_type=PDF):
            extract_file_text(sha256=stored.sha256)

    def _make(self, model: type[Publishable]) -> Publishable:
        record = fresh(model)
        self._point(record, ())
        for field in parts_of(model):
            if field.model.__name__ not in _PERSONAL:
                self._point(part(record, field, 1), (field.name,))
        number = len(self.records)
        states.source(record, f"https://copies.example.org/{number}")
        states.source(
            record,
            f"https://www.example.net/{number}",
            title="Report",
            archive_url=f"https://archive.example/https://copies.example.com/{number}",
        )
        states.attachment(record)
        states.illustration(record, self.shared[Picture])
        return states.published(record)

    def _point(self, row: models.Model, skipped: Iterable[str]) -> None:
        for field in pointers(type(row)):
            target = self.shared.get(field.related_model)
            if (
                target
                and field.name not in skipped
                and field is not owner_of(type(row))
            ):
                setattr(row, field.name, target)
        row.save()
        for field in type(row)._meta.many_to_many:
            if target := self.shared.get(field.related_model):
                extra = [self.draft] if field.related_model is Organ else []
                getattr(row, field.name).set([target, *extra])


# Inline models with personal data, which no API response contains.
_PERSONAL = {"Participant", "Member", "TrainingRecord", "Certificate"}


def _reference_order(model: type[Publishable]) -> int:
    """Return a sort key that puts records after the records to which they refer."""
    order = ["page", "document", "edition", "mechanism", "meeting"]
    return order.index(model.kind) if model.kind in order else len(order)
