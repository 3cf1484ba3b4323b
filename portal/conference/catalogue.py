"""How the Conference's records stand in the catalogue, and how editions are named."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.catalogue.registry import Drawn, Kind, Part, register
from portal.conference.choices import DocumentKind, NameOrder
from portal.conference.models import Article, Document, Edition, Page
from portal.languages import DEFAULT
from portal.publishing.catalogue import party_names
from portal.publishing.choices import EventState
from portal.publishing.content import ContentReader
from portal.publishing.links import at_hand, load_links, zone_of
from portal.translations.interface import text_language
from portal.translations.numbers import ordinal
from portal.translations.shown import reader_language
from portal.translations.texts import texts_of, words_of, words_of_all


def name_edition(facts: dict, country_names: Mapping[str, str]) -> str:
    """``15th China-ASEAN Prosecutors-General Conference``, in the active language.

    An edition whose title is not on record takes the present order of the name.
    """
    if facts["name_order"] == NameOrder.ASEAN_CHINA:
        name = _("%(ordinal)s ASEAN-China Prosecutors-General Conference")
    else:
        name = _("%(ordinal)s China-ASEAN Prosecutors-General Conference")
    language = text_language(reader_language(), name)
    return name % {"ordinal": ordinal(facts["number"], language)}


def draw_edition(edition: Edition) -> Drawn:
    links = load_links([edition], DEFAULT)[edition.pk]
    places = [link.key for link in links["places"]]
    organs = links["host_organs"] + links["organiser_organs"]
    host = [edition.host_country.iso2] if edition.host_country else []
    return Drawn(
        path=f"conference/{edition.number}/",
        texts={
            code: ("", theme or summary)
            for code, (theme, summary) in texts_of(
                edition, title="theme", summary="summary"
            ).items()
        },
        period=edition.period,
        state=edition.state,
        countries=host,
        zone=zone_of(links["places"]),
        topics=[link.key for link in links["topics"]],
        places=places,
        tags={"organ": sorted({link.key for link in organs})},
        facts=edition.facts,
        bodies=[
            *words_of(edition, "theme", "summary", "theme_other", "remark"),
            *words_of(edition, "city_as_recorded", "host_as_recorded"),
            *words_of(edition, "outcome_as_recorded"),
            *party_names(links["host_parties"], links["organiser_parties"]),
            *words_of_all(edition.delegations.all(), "head_office"),
        ],
    )


def draw_document(document: Document) -> Drawn:
    links = load_links([document], DEFAULT)[document.pk]
    edition = [str(document.edition.number)] if document.edition else []
    return Drawn(
        path=f"documents/{document.code}/",
        facts={"part": "in_force"} if document.in_force_on else {},
        texts=texts_of(document, title="title"),
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
            *words_of(document, "parties_as_recorded", "remark"),
            *party_names(links["named_parties"]),
            *words_of_all(document.paragraphs.all(), "text"),
        ],
    )


def draw_article(article: Article) -> Drawn:
    links = load_links([article], DEFAULT)[article.pk]
    return Drawn(
        path=f"news/{article.slug}/",
        texts=texts_of(article, title="title", summary="summary"),
        period=article.period,
        countries=[link.key for link in links["countries"]],
        topics=[link.key for link in links["topics"]],
        tags={"organ": [link.key for link in links["organs"]]},
        bodies=words_of(article, "body", "remark"),
    )


def draw_page(page: Page) -> Drawn:
    texts = texts_of(page, title="title", summary="body")
    return Drawn(
        path=f"about/{page.slug}/",
        # A page says in its first paragraph what it is about.
        texts={
            code: (title, body.partition("\n\n")[0])
            for code, (title, body) in texts.items()
        },
        facts={"order": page.display_order},
        bodies=words_of(page, "body", "remark"),
    )


register(
    Kind(
        code="edition",
        model=Edition,
        label=gettext_lazy("conference edition"),
        label_plural=gettext_lazy("conference editions"),
        draw=draw_edition,
        read_contents=ContentReader("delegations"),
        gather=at_hand("host_country", "delegations"),
        sentence=name_edition,
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
        list_name="conference:edition-list",
        parts=(Part("", gettext_lazy("editions hosted or organised")),),
        is_event=True,
    )
)
register(
    Kind(
        code="document",
        model=Document,
        label=gettext_lazy("document"),
        label_plural=gettext_lazy("documents"),
        draw=draw_document,
        read_contents=ContentReader("paragraphs"),
        gather=at_hand("edition", "place", "paragraphs"),
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
        list_name="conference:document-list",
        parts=(
            Part("in_force", gettext_lazy("documents in force"), None),
            Part("", gettext_lazy("other documents")),
        ),
    )
)
register(
    Kind(
        code="article",
        model=Article,
        label=gettext_lazy("article"),
        label_plural=gettext_lazy("articles"),
        draw=draw_article,
        read_contents=ContentReader(),
        gather=at_hand(),
        filters=("country", "organ", "topic", "year", "from", "to", "as_of", "dated"),
        list_name="conference:article-list",
    )
)
register(
    Kind(
        code="page",
        model=Page,
        label=gettext_lazy("page"),
        label_plural=gettext_lazy("pages"),
        draw=draw_page,
        read_contents=ContentReader(),
        filters=(),
        is_dated=False,
    )
)
