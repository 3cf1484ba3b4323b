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
from portal.content.publishing.bulk_publishing import NewRecord
from portal.content.publishing.choices import Qualifier
from portal.samples import dates
from portal.samples.builders.shared import (
    build_new_record,
    random_countries,
    random_places,
)
from portal.samples.context import SampleContext
from portal.samples.plan import Sample
from portal.samples.text_generator import TextGenerator

# Statements above this sample number belong to no edition, so that an edition has only
# a few statements.
_MAX_EDITION_STATEMENTS = 200
_STATEMENTS = {DocumentKind.JOINT_STATEMENT, DocumentKind.DECLARATION}


def build_edition(sample: Sample, context: SampleContext) -> NewRecord:
    rng = sample.rng()
    host = rng.choice(list(context.countries.values()))
    texts = TextGenerator(rng, host, is_named=False)
    record = Edition(
        number=int(sample.code),
        name_order=rng.choice(NameOrder.values),
        host_country_id=host.pk,
        participants=rng.randint(40, 400),
        participants_qualifier=rng.choice(Qualifier.values),
        **dates.random_event_fields(rng),
        **texts.phrase("theme", "theme"),
        **texts.paragraph("summary", 2),
    )
    countries = random_countries(rng, context, 4)
    return build_new_record(
        sample,
        record,
        rng,
        links={
            "places": random_places(rng, host),
            "topics": context.topic_pks(texts.topics),
        },
        child_rows=[
            EditionDelegation(
                edition=record,
                country_id=country.pk,
                position=position,
                **texts.phrase("head_office", "office"),
            )
            for position, country in enumerate(countries)
        ],
    )


def build_document(sample: Sample, context: SampleContext) -> NewRecord:
    rng = sample.rng()
    countries = [context.china, *random_countries(rng, context, 3)]
    texts = TextGenerator(rng, countries[-1])
    kind = DocumentKind(rng.choice(DocumentKind.values))
    is_statement = kind in _STATEMENTS
    signed_on, precision = dates.random_date(rng)
    is_of_edition = is_statement and sample.number <= _MAX_EDITION_STATEMENTS
    organs = [
        *context.random_organs(rng, sample.available_counts["organ"], chinese=True),
        *context.random_organs(rng, sample.available_counts["organ"], chinese=False),
    ]
    record = Document(
        code=sample.code,
        document_kind=kind,
        edition_id=context.random_pk(rng, "edition", sample.available_counts["edition"])
        if is_of_edition
        else None,
        signed_on=signed_on,
        date_precision=precision,
        place_id=next(iter(random_places(rng, countries[-1])), None),
        parties_basis=PartiesBasis.NAMED,
        **texts.phrase("title", "statement" if is_statement else "document"),
    )
    return build_new_record(
        sample,
        record,
        rng,
        links={
            "party_countries": [country.pk for country in countries],
            "party_organs": organs,
            "topics": context.topic_pks(texts.topics),
        },
        child_rows=_build_paragraphs(record, rng, texts),
    )


def _build_paragraphs(
    record: Document, rng: Random, texts: TextGenerator
) -> list[Paragraph]:
    if rng.random() > 0.4:
        return []
    return [
        Paragraph(document=record, number=number, **texts.paragraph("text", 2))
        for number in range(1, rng.randint(2, 5))
    ]


def build_article(sample: Sample, context: SampleContext) -> NewRecord:
    rng = sample.rng()
    countries = random_countries(rng, context, 2)
    texts = TextGenerator(rng, countries[0])
    reported_on, precision = dates.random_date(rng)
    record = Article(
        slug=sample.code,
        reported_on=reported_on,
        date_precision=precision,
        **texts.phrase("title", "article"),
        **texts.paragraph("summary", 1),
        **texts.paragraph("body", 5),
    )
    return build_new_record(
        sample,
        record,
        rng,
        links={
            "countries": [context.china.pk, *[country.pk for country in countries]],
            "organs": context.random_organs(
                rng, sample.available_counts["organ"], chinese=False
            ),
            "topics": context.topic_pks(texts.topics),
        },
    )


def build_page(sample: Sample, context: SampleContext) -> NewRecord:
    rng = sample.rng()
    texts = TextGenerator(rng, context.china)
    record = Page(
        slug=sample.code,
        display_order=900 + sample.number,
        **texts.phrase("title", "page"),
        **texts.paragraph("body", 4, separator="\n\n"),
    )
    return build_new_record(sample, record, rng)
