"""Entries of editions, documents, articles and pages in the public catalogue."""

from django.utils.translation import gettext_lazy

from portal.conference.choices import DocumentKind
from portal.conference.models import Article, Document, Edition, Page
from portal.conference.titles import (
    DOCUMENT_TITLE_KEYS,
    document_title,
    document_title_facts,
    edition_title,
    edition_title_facts,
)
from portal.content.catalogue.registry import EntryData, Kind, Subgroup, register_kind
from portal.content.publishing.catalogue import get_party_names
from portal.content.publishing.choices import EventState
from portal.content.publishing.content_reading import ContentReader
from portal.content.publishing.links import (
    load_links,
    prefetch_with_links,
    time_zone_of,
)
from portal.core.languages import DEFAULT_LANGUAGE, LANGUAGES_BY_CODE
from portal.core.translations.record_texts import (
    get_language_texts,
    get_language_texts_of_rows,
    get_texts_by_language,
)


def build_edition_entry(edition: Edition) -> EntryData:
    links = load_links([edition], DEFAULT_LANGUAGE)[edition.pk]
    places = [link.key for link in links["places"]]
    organs = links["host_organs"] + links["organiser_organs"]
    organs += links["co_organiser_organs"]
    host = [edition.host_country.iso2] if edition.host_country else []
    return EntryData(
        path=f"conference/{edition.number}/",
        texts=_build_edition_texts(edition),
        period=edition.period,
        state=edition.state,
        countries=host,
        zone=time_zone_of(links["places"]),
        topics=[link.key for link in links["topics"]],
        places=places,
        tags={"organ": sorted({link.key for link in organs})},
        facts=edition_title_facts(edition, links),
        number=edition.number,
        bodies=[
            *get_language_texts(edition, "theme", "summary", "theme_other", "remark"),
            *get_language_texts(edition, "title_zh_other"),
            *get_language_texts(edition, "city_as_recorded", "host_as_recorded"),
            *get_language_texts(
                edition, "outcome_as_recorded", "co_organiser_as_recorded"
            ),
            *get_party_names(links["host_parties"], links["organiser_parties"]),
            *get_party_names(links["co_organiser_parties"]),
            *get_language_texts_of_rows(edition.delegations.all(), "head_office"),
        ],
    )


def _build_edition_texts(edition: Edition) -> dict[str, tuple[str, str]]:
    """Return (title, theme or summary) by language; titles are written for few."""
    titles = get_texts_by_language(edition, title="title")
    texts = get_texts_by_language(edition, title="theme", summary="summary")
    return {
        code: (
            titles.get(code, ("", ""))[0],
            next(filter(None, texts.get(code, ())), ""),
        )
        for code in LANGUAGES_BY_CODE
        if code in titles or code in texts
    }


def build_document_entry(document: Document) -> EntryData:
    links = load_links([document], DEFAULT_LANGUAGE)[document.pk]
    edition = [str(document.edition.number)] if document.edition else []
    return EntryData(
        path=f"documents/{document.code}/",
        facts={
            **document_title_facts(document, links),
            **({"part": "in_force"} if document.in_force_on else {}),
        },
        texts=get_texts_by_language(document, title="title"),
        period=document.period,
        countries=[link.key for link in links["party_countries"]],
        topics=[link.key for link in links["topics"]],
        places=[document.place.key] if document.place else [],
        tags={
            "kind": [document.document_kind],
            "organ": [link.key for link in links["party_organs"]],
            "edition": edition,
        },
        bodies=[
            *get_language_texts(document, "parties_as_recorded", "remark"),
            *get_party_names(links["named_parties"]),
            *get_language_texts_of_rows(document.paragraphs.all(), "text"),
        ],
    )


def build_article_entry(article: Article) -> EntryData:
    links = load_links([article], DEFAULT_LANGUAGE)[article.pk]
    return EntryData(
        path=f"news/{article.slug}/",
        texts=get_texts_by_language(article, title="title", summary="summary"),
        period=article.period,
        countries=[link.key for link in links["countries"]],
        topics=[link.key for link in links["topics"]],
        tags={"organ": [link.key for link in links["organs"]]},
        bodies=get_language_texts(article, "body", "remark"),
    )


def build_page_entry(page: Page) -> EntryData:
    texts = get_texts_by_language(page, title="title", summary="body")
    return EntryData(
        path=f"about/{page.slug}/",
        # The first paragraph of a page serves as its summary.
        texts={
            code: (title, body.partition("\n\n")[0])
            for code, (title, body) in texts.items()
        },
        facts={"order": page.display_order},
        bodies=get_language_texts(page, "body", "remark"),
    )


register_kind(
    Kind(
        code="edition",
        model=Edition,
        label=gettext_lazy("conference"),
        label_plural=gettext_lazy("conferences"),
        build_entry=build_edition_entry,
        read_contents=ContentReader("delegations"),
        prefetch=prefetch_with_links("host_country", "delegations"),
        title_facts=edition_title_facts,
        title_from_facts=edition_title,
        filters=(
            "country",
            "organ",
            "topic",
            "state",
            "done",
            "year",
            "from",
            "to",
            "as_of",
            "dated",
        ),
        choices={"state": EventState},
        list_url_name="conference:edition-list",
        subgroups=(Subgroup("", gettext_lazy("conferences hosted or organised")),),
        is_event=True,
    )
)
register_kind(
    Kind(
        code="document",
        model=Document,
        label=gettext_lazy("document"),
        label_plural=gettext_lazy("documents"),
        build_entry=build_document_entry,
        read_contents=ContentReader("paragraphs"),
        prefetch=prefetch_with_links("edition", "place", "paragraphs"),
        title_facts=document_title_facts,
        title_from_facts=document_title,
        title_keys=DOCUMENT_TITLE_KEYS,
        filters=(
            "country",
            "organ",
            "topic",
            "kind",
            "year",
            "from",
            "to",
            "as_of",
            "dated",
        ),
        choices={"kind": DocumentKind},
        list_url_name="conference:document-list",
        subgroups=(
            Subgroup("in_force", gettext_lazy("documents in force"), None),
            Subgroup("", gettext_lazy("other documents")),
        ),
    )
)
register_kind(
    Kind(
        code="article",
        model=Article,
        label=gettext_lazy("news article"),
        label_plural=gettext_lazy("news articles"),
        build_entry=build_article_entry,
        read_contents=ContentReader(),
        prefetch=prefetch_with_links(),
        filters=("country", "organ", "topic", "year", "from", "to", "as_of", "dated"),
        list_url_name="conference:article-list",
    )
)
register_kind(
    Kind(
        code="page",
        model=Page,
        label=gettext_lazy("page"),
        label_plural=gettext_lazy("pages"),
        build_entry=build_page_entry,
        read_contents=ContentReader(),
        filters=(),
        is_dated=False,
    )
)
