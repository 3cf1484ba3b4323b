from collections.abc import Iterable

from django.db.models import CharField, DateField, F, QuerySet, Value
from django.db.models.functions import Cast

from exchanges.api.serializers import MechanismSerializer, MeetingSerializer
from exchanges.models import AgendaItem, AgreedAction, Meeting
from portal.api.paging import CodeCursor
from portal.languages import Language
from portal.publishing.api.views import RecordViewSet, described
from portal.translations.shown import choose, columns_read, languages_read

_AGENDA, _ACTIONS = 0, 1


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
    items = _rows(AgendaItem, _AGENDA, by_pk, language, "", None, None)
    actions = _rows(
        AgreedAction, _ACTIONS, by_pk, language, F("state"), F("due_on"), F("closed_on")
    )
    rows = items.union(actions, all=True) if by_pk else []
    codes = languages_read(language)
    for part, _position, _pk, owner, *facts in sorted(rows, key=lambda row: row[:3]):
        state, due_on, closed_on, *texts = facts
        text = choose(dict(zip(codes, texts, strict=True)), language)
        if text and part == _AGENDA:
            by_pk[owner].agenda_read.append({"text": text})
        elif text:
            by_pk[owner].actions_read.append(
                {"text": text, "state": state, "due_on": due_on, "closed_on": closed_on}
            )
    return list(by_pk.values())


def _rows(model, part: int, owners: Iterable[int], language, state, due_on, closed_on):
    """One arm of the union; every arm has the same types, whatever its columns are."""
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
            Cast(state or Value(""), CharField()),
            Cast(due_on or Value(None), DateField()),
            Cast(closed_on or Value(None), DateField()),
            *texts,
        )
    )
