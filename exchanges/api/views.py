from collections.abc import Iterable

from django.db.models import Case, CharField, DateField, F, QuerySet, Value, When
from django.db.models.functions import Cast

from exchanges.api.serializers import MechanismSerializer, MeetingSerializer
from exchanges.models import AgendaItem, AgreedAction, Meeting
from portal.api.paging import CodeCursor
from portal.languages import Language
from portal.publishing.api.views import RecordViewSet, described
from portal.publishing.choices import Status
from portal.translations.shown import choose, columns_read, languages_read

_AGENDA, _ACTIONS = 0, 1
# What is read of an agreed action besides its text, with the type of the column.
_FACTS = {
    "state": CharField(),
    "due_on": DateField(),
    "closed_on": DateField(),
    "responsible_organ": CharField(),
}
_IS_PUBLIC = {"responsible_organ__status": Status.PUBLISHED}
_ACTION_FACTS = {
    "state": F("state"),
    "due_on": F("due_on"),
    "closed_on": F("closed_on"),
    "responsible_organ": Case(When(**_IS_PUBLIC, then=F("responsible_organ__key"))),
}


@described("mechanism")
class MechanismViewSet(RecordViewSet):
    kind = "mechanism"
    serializer_class = MechanismSerializer
    pagination_class = CodeCursor
    with_related = ("other_country", "legal_basis")


@described("meeting")
class MeetingViewSet(RecordViewSet):
    kind = "meeting"
    serializer_class = MeetingSerializer
    with_related = ("mechanism", "host_country", "other_country", "outcome_document")

    def paginate_queryset(self, queryset):
        return _with_parts(super().paginate_queryset(queryset), self.language)

    def get_object(self):
        return _with_parts([super().get_object()], self.language)[0]


def _with_parts(meetings: Iterable[Meeting], language: Language) -> list[Meeting]:
    """Meetings with ``agenda_read`` and ``actions_read``, both read in one query."""
    by_pk = {meeting.pk: meeting for meeting in meetings}
    for meeting in by_pk.values():
        meeting.agenda_read, meeting.actions_read = [], []
    items = _rows(AgendaItem, _AGENDA, by_pk, language, {})
    actions = _rows(AgreedAction, _ACTIONS, by_pk, language, _ACTION_FACTS)
    rows = items.union(actions, all=True) if by_pk else []
    codes = languages_read(language)
    for part, _position, _pk, owner, *facts in sorted(rows, key=lambda row: row[:3]):
        known, texts = facts[: len(_FACTS)], facts[len(_FACTS) :]
        text = choose(dict(zip(codes, texts, strict=True)), language)
        if text and part == _AGENDA:
            by_pk[owner].agenda_read.append({"text": text})
        elif text:
            action = {"text": text, **dict(zip(_FACTS, known, strict=True))}
            by_pk[owner].actions_read.append(action)
    return list(by_pk.values())


def _rows(model, part: int, owners: Iterable[int], language, facts: dict):
    """One arm of the union; every arm has the same types, whatever its columns are.

    ``facts`` are expressions by the names of ``_FACTS``; NULL for what it has not.
    """
    texts = [Cast(name, CharField()) for name in columns_read("text", language)]
    return (
        QuerySet(model)
        .filter(meeting__in=list(owners))
        .order_by()
        .values_list(
            Value(part),
            "position",
            "pk",
            "meeting_id",
            *[
                Cast(facts.get(name, Value(None)), kind)
                for name, kind in _FACTS.items()
            ],
            *texts,
        )
    )
