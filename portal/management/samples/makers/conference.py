from random import Random

from portal.conference.choices import DocumentKind, NameOrder, PartiesBasis
from portal.conference.models import (
    Article,
    Document,
    Edition,
    EditionDelegation,
    Page,
    Paragraph,
)
from portal.management.samples import dates
from portal.management.samples.makers.parts import drafted, some_lands, some_places
from portal.management.samples.plan import Sample
from portal.management.samples.scene import Scene
from portal.management.samples.words import Writer
from portal.publishing.bulk import Draft
from portal.publishing.choices import Qualifier

# Statements of the Conference belong to an edition; an edition has a handful.
_OF_EDITIONS = 200
_STATEMENTS = {DocumentKind.JOINT_STATEMENT, DocumentKind.DECLARATION}


def edition(sample: Sample, scene: Scene) -> Draft:
    chance = sample.chance()
    host = chance.choice(list(scene.lands.values()))
    writer = Writer(chance, host, is_named=False)
    record = Edition(
        number=int(sample.code),
        name_order=chance.choice(NameOrder.values),
        host_country_id=host.pk,
        participants=chance.randint(40, 400),
        participants_qualifier=chance.choice(Qualifier.values),
        **dates.event(chance),
        **writer.text("theme", "theme"),
        **writer.running("summary", 2),
    )
    lands = some_lands(chance, scene, 4)
    return drafted(
        sample,
        record,
        chance,
        links={
            "places": some_places(chance, host),
            "topics": scene.topic_pks(writer.topics),
        },
        parts=[
            EditionDelegation(
                edition=record,
                country_id=land.pk,
                position=position,
                **writer.text("head_office", "office"),
            )
            for position, land in enumerate(lands)
        ],
    )


def document(sample: Sample, scene: Scene) -> Draft:
    chance = sample.chance()
    lands = [scene.china, *some_lands(chance, scene, 3)]
    writer = Writer(chance, lands[-1])
    kind = DocumentKind(chance.choice(DocumentKind.values))
    is_statement = kind in _STATEMENTS
    signed_on, precision = dates.day(chance)
    is_of_edition = is_statement and sample.number <= _OF_EDITIONS
    organs = [
        *scene.organs(chance, sample.before["organ"], chinese=True),
        *scene.organs(chance, sample.before["organ"], chinese=False),
    ]
    record = Document(
        code=sample.code,
        document_kind=kind,
        edition_id=scene.one(chance, "edition", sample.before["edition"])
        if is_of_edition
        else None,
        signed_on=signed_on,
        date_precision=precision,
        place_id=next(iter(some_places(chance, lands[-1])), None),
        parties_basis=PartiesBasis.NAMED,
        **writer.text("title", "statement" if is_statement else "document"),
    )
    return drafted(
        sample,
        record,
        chance,
        links={
            "party_countries": [land.pk for land in lands],
            "party_organs": organs,
            "topics": scene.topic_pks(writer.topics),
        },
        parts=_paragraphs(record, chance, writer),
    )


def _paragraphs(record: Document, chance: Random, writer: Writer) -> list[Paragraph]:
    if chance.random() > 0.4:
        return []
    return [
        Paragraph(document=record, number=number, **writer.running("text", 2))
        for number in range(1, chance.randint(2, 5))
    ]


def article(sample: Sample, scene: Scene) -> Draft:
    chance = sample.chance()
    lands = some_lands(chance, scene, 2)
    writer = Writer(chance, lands[0])
    reported_on, precision = dates.day(chance)
    record = Article(
        slug=sample.code,
        reported_on=reported_on,
        date_precision=precision,
        **writer.text("title", "article"),
        **writer.running("summary", 1),
        **writer.running("body", 5),
    )
    return drafted(
        sample,
        record,
        chance,
        links={
            "countries": [scene.china.pk, *[land.pk for land in lands]],
            "organs": scene.organs(chance, sample.before["organ"], chinese=False),
            "topics": scene.topic_pks(writer.topics),
        },
    )


def page(sample: Sample, scene: Scene) -> Draft:
    chance = sample.chance()
    writer = Writer(chance, scene.china)
    record = Page(
        slug=sample.code,
        display_order=900 + sample.number,
        **writer.text("title", "page"),
        **writer.running("body", 4, joint="\n\n"),
    )
    return drafted(sample, record, chance)
