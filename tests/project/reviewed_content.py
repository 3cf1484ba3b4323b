"""Ways in which a colleague changes the content of a record, for every kind.

The tables are derived from the models and forms, so that a new kind, relation or inline
is covered without a change here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice

from django.contrib.messages import get_messages
from django.db import models
from django.test import Client
from modeltranslation.fields import TranslationField

from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import Kind, all_kinds
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Illustration, Publishable, Source
from portal.core.audit.snapshots import get_audited_columns
from tests import reviewing
from tests.admin_forms import errors, filled
from tests.factories import files
from tests.project.kind_factories import days_of
from tests.project.related_records import enrich, fresh, owner_of, pointers, public
from tests.project.test_audit_coverage import WORDS
from tests.unrendered_pages import open_page

KINDS = [kind.code for kind in all_kinds()]
_OTHER = "Vietnamese text of a colleague"


def kind_of_code(code: str) -> Kind:
    return next(kind for kind in all_kinds() if kind.code == code)


def simple_draft(code: str) -> Publishable:
    """Create a draft with required values only."""
    kind = kind_of_code(code)
    return fresh(kind.model, **days_of(kind))


def rich_draft(code: str) -> Publishable:
    """Create a draft with one row in each of its relations and inlines."""
    return enrich(simple_draft(code), 1)


def rich_drafts() -> dict[str, Publishable]:
    """Create a draft of each kind with one row in each relation, for all tests."""
    return {code: rich_draft(code) for code in KINDS}


# ---------------------------------------------------------------------- pages


def open_confirmation(client: Client, action: str, *records: Publishable):
    """Choose ``action`` for ``records``; return the page that follows.

    What the page shows is tested in tests/portal/content/review.
    """
    return open_page(reviewing.open_confirmation, client, action, *records)


# ---------------------------------------------------------------------- forms


@dataclass(frozen=True)
class OpenForm:
    """An opened form: its address, the inputs that a browser would send unchanged, and
    the prefix of each inline by the model of its rows."""

    address: str
    sent: dict
    prefixes: dict[type[models.Model], str]


def form_address(row: models.Model) -> str:
    return f"{reviewing.list_of(type(row))}{row.pk}/change/"


def open_form(client: Client, row: models.Model) -> OpenForm:
    address = form_address(row)
    page = open_page(client.get, address)
    assert page.status_code == 200
    inlines = page.context["inline_admin_formsets"]
    prefixes = {inline.formset.model: inline.formset.prefix for inline in inlines}
    return OpenForm(address, filled(page), prefixes)


def send_form(client: Client, form: OpenForm, values: dict) -> None:
    """Send ``form`` with ``values``; inputs that are None are omitted."""
    sent = {name: v for name, v in (form.sent | values).items() if v is not None}
    answer = client.post(form.address, sent)
    assert answer.status_code == 302, (values, errors(answer))


def save(client: Client, row: models.Model, values: dict) -> None:
    """Open the form of ``row`` and send it with ``values``."""
    send_form(client, open_form(client, row), values)


# -------------------------------------------------------------------- changes


def text_column(model: type[models.Model]) -> str:
    """Return a column with Vietnamese text that the tests of ``model`` change."""
    ((name, _text),) = WORDS[
        f"{model._meta.app_label}/{model._meta.model_name}"
    ].items()
    return name.removesuffix("_en") + "_vi"


def text_change(record: Publishable) -> dict:
    """Return the input that changes a translated text."""
    return {text_column(type(record)): _OTHER}


def form_changes(record: Publishable, form: OpenForm) -> dict[str, dict]:
    """Return the inputs of changes in the form of ``record``, except of a text.

    A row of each inline of the kind. Of the other changes, which are made in the same
    way in every kind, the next two in turn. Another test shows without requests that
    every column, relation and inline is part of the version.
    """
    later = {"publish_at_0": "2199-01-01", "publish_at_1": "08:00"}
    others = _other_changes(record, form) | {"time of publication": lambda: later}
    return _made(_inline_changes(form, is_general=False)) | _in_turn(
        record, others, number=2
    )


def proposal_changes(record: Publishable, form: OpenForm) -> dict[str, dict]:
    """Return the inputs of changes of a proposal by its author, except of a text.

    A row of the first inline of the kind, or the public note if there is none, and of
    the other changes the next one in turn: a proposal stores the values of all kinds in
    the same form, and its version covers them all.
    """
    inlines = list(_inline_changes(form, is_general=False).items())
    always = dict(inlines[:1]) or {
        "correction note": lambda: {"public_note-en": _OTHER}
    }
    others = _other_changes(record, form)
    return _made(always) | _in_turn(record, others, number=1, step=2, start=5)


# Functions, because most of them create rows.
Changes = dict[str, Callable[[], dict]]


def _other_changes(record: Publishable, form: OpenForm) -> Changes:
    """Return changes of relations and of inlines that all kinds have; a deletion."""
    return {
        **_relation_changes(record, form),
        **_inline_changes(form, is_general=True),
        **_deletion(form),
    }


def _made(changes: Changes) -> dict[str, dict]:
    return {name: make() for name, make in changes.items()}


def _in_turn(
    record: Publishable, changes: Changes, *, number: int, step=0, start=0
) -> dict[str, dict]:
    """Return ``number`` of the changes, for the next kind those ``step`` further on.

    Kinds have different numbers of changes; with the steps used here each sort of
    change is reached by some kind.
    """
    names, first = sorted(changes), start + KINDS.index(record.kind) * (step or number)
    chosen = islice(cycle(names), first, first + number)
    return _made({name: changes[name] for name in chosen})


def _relation_changes(record: Publishable, form: OpenForm) -> Changes:
    model = type(record)
    keys = [key for key in pointers(model) if key is not owner_of(model)]
    changes: Changes = {
        f"foreign key {key.name}": partial(_other_target, key) for key in keys[:1]
    }
    for relation in model._meta.many_to_many[:1]:
        changes[f"relation {relation.name}"] = partial(
            _with_another_target, relation, form
        )
    return changes


def _other_target(key: models.ForeignKey) -> dict:
    return {key.name: public(key.related_model).pk}


def _with_another_target(relation: models.ManyToManyField, form: OpenForm) -> dict:
    added = public(relation.related_model).pk
    return {relation.name: [*form.sent[relation.name], added]}


def _inline_changes(form: OpenForm, *, is_general: bool) -> Changes:
    """Return changes of a row of each inline that all kinds have, or of each other."""
    return {
        f"inline {part.__name__}": partial(_row_change, part, prefix, form)
        for part, prefix in form.prefixes.items()
        if (part._meta.app_label == Source._meta.app_label) is is_general
    }


def _deletion(form: OpenForm) -> Changes:
    part, prefix = next(iter(form.prefixes.items()))
    return {f"deleted {part.__name__}": lambda: {f"{prefix}-0-DELETE": "on"}}


def _row_change(part: type[models.Model], prefix: str, form: OpenForm) -> dict:
    """Return the input that changes the first row of the inline ``prefix``."""
    if part is Source:
        return {f"{prefix}-0-url": "https://example.org/of-a-colleague"}
    if part is Illustration:
        other_picture = files.picture(files.PNG, "other.png")
        return {f"{prefix}-0-picture": other_picture.pk}
    names = [column.name for column in get_audited_columns(part) if _is_text(column)]
    inputs = [f"{prefix}-0-{name}" for name in names]
    return {next(name for name in inputs if name in form.sent): _OTHER}


def _is_text(column: models.Field) -> bool:
    if isinstance(column, TranslationField):
        return True
    is_text = isinstance(column, (models.CharField, models.TextField))
    has_room = column.max_length is None or column.max_length >= len(_OTHER)
    return is_text and not column.choices and has_room


# ------------------------------------------------------------------ decisions


def send_confirmation(client: Client, action: str, page, *records: Publishable):
    """Send the confirmation ``page`` for ``records`` with the versions it showed."""
    client.cookies.pop("messages", None)
    sent = {
        "action": action,
        "_selected_action": [record.pk for record in records],
        "reason": "Sample.",
        **reviewing.shown_versions(page),
    }
    return client.post(reviewing.list_of(type(records[0])), sent)


def decide(client: Client, action: str, record: Publishable) -> None:
    """Choose ``action`` for a record and confirm it on the page that follows, if any.

    The submission of a draft has no such page.
    """
    page = open_confirmation(client, action, record)
    if reviewing.shown_versions(page):
        send_confirmation(client, action, page, record)


def press(client: Client, button: str, address: str, page):
    """Press ``button`` on the ``page`` of a proposal with the version it showed."""
    client.cookies.pop("messages", None)
    # A reason is refused with an acceptance, which does not store it.
    reason = "" if button == "_accept" else "Sample."
    sent = {button: "1", "reason": reason, "version": page.context["version"]}
    return client.post(address, sent)


def open_and_press(client: Client, button: str, address: str):
    """Open the page of a proposal, and press ``button`` on it."""
    return press(client, button, address, open_page(client.get, address))


def messages_of(answer) -> str:
    """Return the messages of the answer for the next page."""
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def stored(row: models.Model) -> models.Model:
    return type(row)._base_manager.get(pk=row.pk)


def status_of(record: Publishable) -> str:
    return stored(record).status


def is_in_catalogue(record: Publishable) -> bool:
    entries = Entry.objects.filter(kind=record.kind, code=record.public_code)
    return entries.exists()


def assert_refused(answer, record, status: str, change_name: str) -> None:
    """Assert that nothing was decided on the record and the message names it."""
    text = messages_of(answer)
    assert f"“{record.public_code}”" in text, change_name
    refusals = ("your decision was not applied", "it was not changed")
    assert any(refusal in text for refusal in refusals), change_name
    assert status_of(record) == status, change_name
    assert is_in_catalogue(record) == (status == Status.PUBLISHED), change_name
