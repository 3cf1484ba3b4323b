from collections.abc import Iterable

from django.db.models import Case, CharField, DateField, F, QuerySet, Value, When
from django.db.models.functions import Cast

from exchanges.api.serializers import MechanismSerializer, MeetingSerializer
from exchanges.models import AgendaItem, AgreedAction, Meeting
from portal.content.publishing.api.views import RecordViewSet, document_endpoints
from portal.content.publishing.choices import Status
from portal.core.api.pagination import CreationOrderPagination
from portal.core.languages import Language
from portal.core.translations.localized_text import (
    choose_localized_text,
    get_fallback_chain,
    get_localized_columns,
)

_AGENDA_ITEM_ROW, _AGREED_ACTION_ROW = 0, 1
# Values of an agreed action besides its text, with their column types in the UNION.
_ACTION_COLUMNS = {
    "state": CharField(),
    "due_on": DateField(),
    "closed_on": DateField(),
    "responsible_organ": CharField(),
}
_IS_PUBLIC = {"responsible_organ__status": Status.PUBLISHED}
_ACTION_EXPRESSIONS = {
    "state": F("state"),
    "due_on": F("due_on"),
    "closed_on": F("closed_on"),
    "responsible_organ": Case(When(**_IS_PUBLIC, then=F("responsible_organ__key"))),
}


@document_endpoints("mechanism")
class MechanismViewSet(RecordViewSet):
    kind = "mechanism"
    serializer_class = MechanismSerializer
    pagination_class = CreationOrderPagination
    with_related = ("other_country", "legal_basis")


@document_endpoints("meeting")
class MeetingViewSet(RecordViewSet):
    kind = "meeting"
    serializer_class = MeetingSerializer
    with_related = ("mechanism", "host_country", "other_country", "outcome_document")

    def paginate_queryset(self, queryset):
        return _attach_agenda_and_actions(
            super().paginate_queryset(queryset), self.language
        )

    def get_object(self):
        return _attach_agenda_and_actions([super().get_object()], self.language)[0]


def _attach_agenda_and_actions(
    meetings: Iterable[Meeting], language: Language
) -> list[Meeting]:
    """Set ``localized_agenda_items`` and ``localized_agreed_actions`` on each meeting.

    Agenda items and agreed actions of all meetings are read in one UNION query. An
    item or action without text in ``language`` or its fallback languages is left out.
    """
    by_pk = {meeting.pk: meeting for meeting in meetings}
    for meeting in by_pk.values():
        meeting.localized_agenda_items, meeting.localized_agreed_actions = [], []
    items = _part_rows_query(AgendaItem, _AGENDA_ITEM_ROW, by_pk, language, {})
    actions = _part_rows_query(
        AgreedAction, _AGREED_ACTION_ROW, by_pk, language, _ACTION_EXPRESSIONS
    )
    rows = items.union(actions, all=True) if by_pk else []
    codes = get_fallback_chain(language)
    for part, _position, _pk, meeting_pk, *values in sorted(
        rows, key=lambda row: row[:3]
    ):
        action_values, texts = (
            values[: len(_ACTION_COLUMNS)],
            values[len(_ACTION_COLUMNS) :],
        )
        text = choose_localized_text(dict(zip(codes, texts, strict=True)), language)
        if text and part == _AGENDA_ITEM_ROW:
            by_pk[meeting_pk].localized_agenda_items.append({"text": text})
        elif text:
            action = {
                "text": text,
                **dict(zip(_ACTION_COLUMNS, action_values, strict=True)),
            }
            by_pk[meeting_pk].localized_agreed_actions.append(action)
    return list(by_pk.values())


def _part_rows_query(
    model, part: int, meeting_pks: Iterable[int], language, values: dict
):
    """Build one SELECT of the UNION of agenda items and agreed actions.

    ``part`` is the first column and says which of the two models a row is from. The
    last argument maps columns of an agreed action to expressions; columns without an
    expression are NULL. All values are cast, because the SELECTs of a UNION must have
    the same column types.
    """
    texts = [
        Cast(name, CharField()) for name in get_localized_columns("text", language)
    ]
    return (
        QuerySet(model)
        .filter(meeting__in=list(meeting_pks))
        .order_by()
        .values_list(
            Value(part),
            "position",
            "pk",
            "meeting_id",
            *[
                Cast(values.get(name, Value(None)), kind)
                for name, kind in _ACTION_COLUMNS.items()
            ],
            *texts,
        )
    )
