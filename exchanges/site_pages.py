"""Page of the whole site that shows mechanisms: the counterparts of an organ."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from exchanges.models import Mechanism
from portal.content.catalogue.models import Entry
from portal.content.publishing.links import Link, build_link, load_links
from portal.core.translations.interface_language import interface_text
from portal.core.translations.localized_text import LocalizedText
from portal.reference.directory.choices import OrganLevel
from portal.reference.directory.models import Organ
from portal.website.base_views import Breadcrumb, PublicView
from portal.website.cards import Card, build_cards, load_card_names, load_titles
from portal.website.lists import parameters, unknown_value

# Maximum number of organs that the form offers, those of the highest levels first.
_MAX_OPTIONS = 500
# Relations from an organ to the organs above it: county, prefecture, province, state.
_ANCESTORS = ("parent", "parent__parent", "parent__parent__parent")


@dataclass(frozen=True)
class Counterpart:
    """An organ on the other side of a mechanism.

    ``place`` is its seat, None if it is not on record.
    """

    organ: Organ
    name: LocalizedText
    place: Link | None
    country: Link | None


@dataclass(frozen=True)
class CounterpartGroup:
    """The other side of one mechanism.

    ``parties`` are authorities that are not organs on record, with their names only.
    """

    mechanism: Mechanism
    title: LocalizedText
    counterparts: list[Counterpart]
    parties: list[Link]


class CounterpartsView(PublicView):
    """Page on which a reader chooses an organ and sees its counterparts.

    They are the organs on the other side of the mechanisms of which the organ is a
    side. If it is none, those of the nearest organ above it are shown, with its name.
    """

    template_name = "exchanges/counterparts.html"

    def get_context_data(self, **kwargs):
        heading = _("Which office do I write to?")
        key = parameters(self.request).get("organ", "")
        organ = self._get_organ(key)
        return super().get_context_data(
            page_title=heading,
            breadcrumbs=[
                Breadcrumb(_("Border liaison"), reverse("exchanges:exchange-list")),
                Breadcrumb(heading),
            ],
            empty_option=interface_text(_("Choose an office")),
            option_groups=self._get_option_groups(organ),
            unknown_values=[unknown_value("organ", key)] if key and not organ else [],
            **(self._get_result(organ) if organ else {}),
            **kwargs,
        )

    def _get_organ(self, key: str) -> Organ | None:
        """Return the published organ with this key, with the organs above it."""
        organs = Organ.objects.published(timezone.now()).only_language(
            self.language, "country", "place", *_ANCESTORS
        )
        return organs.filter(key=key).first() if key.isprintable() else None

    def _get_option_groups(self, selected: Organ | None) -> list[dict]:
        """Return the organs to choose from by country, those of the top level first.

        They are the organs that have counterparts, and the selected one.
        """
        is_offered = Q(code__in=_organs_with_counterparts().values("key"))
        if selected is not None:
            is_offered |= Q(code=selected.key)
        entries = list(
            Entry.objects.of_kind("organ")
            .filter(is_offered)
            .order_by("facts__rank", "code")
            .with_texts_for(self.language)[:_MAX_OPTIONS]
        )
        names = load_card_names(entries, self.language)
        cards: dict[str, list[Card]] = {}
        for entry, card in zip(
            entries, build_cards(entries, names, self.language), strict=True
        ):
            cards.setdefault(entry.countries[0], []).append(card)
        return [
            {
                "country": name,
                "options": [
                    {
                        "key": card.code,
                        "name": card.title,
                        "is_selected": selected is not None
                        and card.code == selected.key,
                    }
                    for card in cards[iso2]
                ],
            }
            for iso2, name in names.countries.items()
            if iso2 in cards
        ]

    def _get_result(self, organ: Organ) -> dict:
        """Return the counterparts of an organ, or of the nearest organ above it.

        ``via`` is that organ above, None if the organ has counterparts of its own.
        """
        chain = _get_chain(organ)
        mechanisms = list(
            Mechanism.objects.published(timezone.now())
            .of_organs(chain)
            .only_language(self.language)
            .order_by("pk")
        )
        links = load_links(mechanisms, self.language, only_public=True)
        for member in chain:
            groups = [
                (mechanism, sides)
                for mechanism in mechanisms
                if (sides := _get_other_side(links[mechanism.pk], member.key))
            ]
            if groups:
                return {
                    "organ": organ,
                    "organ_name": build_link(organ, self.language).name,
                    "via": None
                    if member is organ
                    else build_link(member, self.language),
                    "groups": self._build_groups(groups),
                }
        return {
            "organ": organ,
            "organ_name": build_link(organ, self.language).name,
            "groups": [],
        }

    def _build_groups(self, groups) -> list[CounterpartGroup]:
        keys = {link.key for _mechanism, (organs, _p) in groups for link in organs}
        organs = Organ.objects.published(timezone.now()).filter(key__in=keys)
        by_key = {
            organ.key: organ
            for organ in organs.only_language(self.language, "country", "place")
        }
        titles = load_titles([mechanism for mechanism, _sides in groups], self.language)
        return [
            CounterpartGroup(
                mechanism,
                titles[mechanism],
                [
                    Counterpart(
                        by_key[link.key],
                        link.name,
                        build_link(by_key[link.key].place, self.language),
                        build_link(by_key[link.key].country, self.language),
                    )
                    for link in organ_links
                    if link.key in by_key
                ],
                parties,
            )
            for mechanism, (organ_links, parties) in groups
        ]


def _organs_with_counterparts() -> QuerySet:
    """Return the published organs for which this page shows counterparts.

    They are sides of a mechanism whose other side is on record, or subordinate to one
    that is, as in ``_get_chain``.
    """
    at = timezone.now()
    published = Organ.objects.published(at)
    mechanisms = Mechanism.objects.published(at)
    is_side = Q(pk__in=mechanisms.sides_with_counterparts("a", published)) | Q(
        pk__in=mechanisms.sides_with_counterparts("b", published)
    )
    organs = published.filter(is_side)
    for _relation in _ANCESTORS:
        is_below = Q(parent__in=organs.values("pk")) & ~Q(
            level=OrganLevel.SPECIAL_REGION
        )
        organs = published.filter(is_side | is_below)
    return organs


def _get_chain(organ: Organ) -> list[Organ]:
    """Return an organ and the published organs above it, nearest first.

    The organ of a special administrative region is subordinate to none.
    """
    chain = [organ]
    for _relation in _ANCESTORS:
        parent = chain[-1].parent
        if (
            chain[-1].level == OrganLevel.SPECIAL_REGION
            or parent is None
            or not parent.is_published
        ):
            break
        chain.append(parent)
    return chain


def _get_other_side(
    links: dict[str, list[Link]], key: str
) -> tuple[list[Link], list[Link]] | None:
    """Return organs and parties on the side of a mechanism that is not the organ's own.

    None if the organ with this key is on neither side.
    """
    if _has_key(links["side_a_organs"], key):
        return links["side_b_organs"], links["side_b_parties"]
    if _has_key(links["side_b_organs"], key):
        return links["side_a_organs"], links["side_a_parties"]
    return None


def _has_key(links: Iterable[Link], key: str) -> bool:
    return any(link.key == key for link in links)
