"""Record forms of translators: only fields in their own languages can be edited."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from portal.content.publishing.models import Proposal, Source
from portal.content.review import operations as review
from portal.core.accounts.models import User
from portal.core.audit.snapshots import take_snapshot
from seminars.models import Session
from tests.admin_forms import errors, filled, rows
from tests.factories import people, seminars
from tests.factories.publishing import AT, published, source, staff
from tests.project.staff_dataset import MARK
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def translator(client):
    """Sign in a translator for Vietnamese and Lao; return the client."""
    user = staff("sample.translator")
    user.translates = ["vi", "lo"]
    user.save()
    user.groups.add(Group.objects.get(name="translator"))
    client.force_login(user)
    return client


def _form(record) -> str:
    return f"/admin/seminars/seminar/{record.pk}/change/"


def _saved(client, record, data: dict):
    """Save the form of ``record`` with ``data``; return the response."""
    response = client.post(_form(record), opened_form(client, _form(record)) | data)
    assert response.status_code == 302, errors(response)
    record.refresh_from_db()
    return response


def test_translator_can_edit_own_languages(translator):
    record = seminars.seminar(title_zh_hans="示例研讨班")

    _saved(translator, record, {"title_vi": "Hội thảo mẫu", "title_lo": "ສຳມະນາ"})

    assert (record.title_vi, record.title_lo) == ("Hội thảo mẫu", "ສຳມະນາ")
    assert (record.status, record.title_zh_hans) == ("draft", "示例研讨班")


def test_translation_of_a_session_keeps_the_order(translator):
    """Only edits of times, places and numbers put sessions in the order of time."""
    record = seminars.seminar(title_zh_hans="示例研讨班")
    for position, hour in ((1, 14), (2, 9)):
        at = dt.datetime(2024, 9, 1, hour, tzinfo=dt.UTC)
        seminars.session(record, title_zh_hans="示例", position=position, starts_at=at)
    before = list(record.sessions.values_list("pk", "position"))

    _saved(translator, record, {"sessions-0-title_vi": "Buổi mẫu"})

    assert record.sessions.filter(title_vi="Buổi mẫu").exists()
    assert list(record.sessions.values_list("pk", "position")) == before


def test_translator_sees_other_fields_read_only(translator):
    record = seminars.seminar(title_zh_hans="示例研讨班", venue_as_recorded="Hall 9171")

    response = translator.get(_form(record))

    page = response.content.decode()
    assert "示例研讨班" in page
    assert "Hall 9171" in page
    names = set(response.context["adminform"].form.fields)
    assert {name for name in names if not name.endswith(("_vi", "_lo"))} == {"seen"}


def test_translator_sees_dates_as_exact_as_they_are_known(translator):
    record = seminars.seminar(
        title_zh_hans="示例研讨班",
        starts_on=dt.date(2018, 9, 1),
        date_precision="month",
    )

    page = translator.get(_form(record)).text

    assert "September 2018" in page
    assert "1 September 2018" not in page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title_zh_hans", "别的"),
        ("title_en", "Other words"),
        ("title_th", "อื่น"),
        ("code", "SEM-9999"),
        ("state", "cancelled"),
        ("starts_on", "2024-05-06"),
        ("remark_en", "Other words"),
        ("confidence", "low"),
        ("status", "published"),
        ("publish_at_0", "2024-05-06"),
        ("topics", "1"),
    ],
)
def test_fields_outside_translator_languages_are_ignored(translator, name, value):
    record = seminars.seminar()
    before, before_code = take_snapshot(record, record.child_relations), record.code

    _saved(translator, record, {"title_vi": "Hội thảo mẫu", name: value})

    after = take_snapshot(record, record.child_relations)
    changed = {key for key in after.values if after.values[key] != before.values[key]}
    assert changed == {"title_vi"}
    assert (after.links, after.parts) == (before.links, before.parts)
    assert (record.status, record.code) == ("draft", before_code)


def test_text_that_other_fields_need_cannot_be_emptied(translator, settings):
    """Its origin is read-only for translators."""
    settings.TWO_PERSON_APPROVAL = True
    User.objects.update(translates=["zh-hans"])
    titles = {"title_zh_hans": "示例研讨班", "title_zh_basis": "formed"}
    draft = seminars.seminar(title_en="Sample seminar", **titles)
    public = published(seminars.seminar(title_en="Sample seminar", **titles))
    only_chinese = seminars.seminar(title_en="", title_zh_hans="示例研讨班")
    cases = (
        (
            draft,
            (
                "You chose the origin of a text that is blank. Enter the "
                "text, or leave its origin blank."
            ),
        ),
        (
            public,
            (
                "You chose the origin of a text that is blank. Enter the "
                "text, or leave its origin blank."
            ),
        ),
        (only_chinese, "Enter a title or name in Simplified Chinese or English."),
    )
    for record, message in cases:
        values = opened_form(translator, _form(record)) | {"title_zh_hans": ""}

        response = translator.post(_form(record), values)

        assert response.status_code == 200
        (error,) = response.context["adminform"].form.non_field_errors()
        assert message in error
        record.refresh_from_db()
        assert record.title_zh_hans == "示例研讨班"
    assert not Proposal.objects.exists()


def test_translator_can_edit_sessions_in_own_languages(translator):
    record = seminars.seminar()
    session = seminars.session(record, title_en="Sample lecture")
    form_data = {
        "sessions-0-title_vi": "Bài giảng",
        "sessions-0-title_en": "Other words",
    }

    _saved(translator, record, form_data)

    session.refresh_from_db()
    assert (session.title_vi, session.title_en) == ("Bài giảng", "Sample lecture")


def test_translator_cannot_add_or_delete_inline_rows(translator):
    record = seminars.seminar()
    session = seminars.session(record)
    source(record)
    form_data = rows("sessions", {"id": session.pk}, {"title_vi": "Mới", "position": 7})
    form_data |= {"sessions-0-DELETE": "on", "sessions-0-title_vi": "Bài giảng"}
    prefix = "publishing-source-content_type-object_id"
    form_data |= {
        f"{prefix}-TOTAL_FORMS": 2,
        f"{prefix}-0-url": "https://other.example/",
        f"{prefix}-1-url": "https://new.example/",
        f"{prefix}-1-position": 1,
    }

    _saved(translator, record, form_data)

    assert [row.title_vi for row in Session.objects.all()] == ["Bài giảng"]
    assert [row.url for row in Source.objects.all()] == ["https://example.org/report"]


def test_translator_without_languages_cannot_edit(client):
    user = staff()
    user.groups.add(Group.objects.get(name="translator"))
    client.force_login(user)
    record = seminars.seminar()

    response = client.post(_form(record), {"title_vi": "Hội thảo mẫu"})

    assert response.status_code == 403
    assert client.get(_form(record)).status_code == 200


def test_translator_with_editor_role_can_edit_everything(translator):
    User.objects.get(username="sample.translator").groups.add(
        Group.objects.get(name="editor")
    )
    record = seminars.seminar()

    _saved(translator, record, {"title_th": "อื่น"})

    assert record.title_th == "อื่น"


def test_translator_changelist_offers_export_action_only(translator):
    seminars.seminar()

    response = translator.get("/admin/seminars/seminar/")

    choices = dict(response.context["action_form"].fields["action"].choices)
    assert set(choices) == {
        *("", "export_as_xlsx", "export_as_csv"),
        *("export_for_people_as_xlsx", "export_for_people_as_csv"),
    }
    assert not response.context["has_add_permission"]


# ------------------------------- published records with two-person approval


@pytest.fixture
def _four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.mark.usefixtures("_four_eyes")
def test_translation_of_published_record_becomes_proposal(translator):
    record = published(seminars.seminar(title_zh_hans="示例研讨班"))
    values = {"title_vi": "Hội thảo mẫu", "title_zh_hans": "别的"}

    _saved(translator, record, {**values, "public_note-en": "Forged."})

    proposal = Proposal.objects.get()
    assert not record.title_vi
    assert proposal.wanted["values"]["title_vi"] == "Hội thảo mẫu"
    assert proposal.wanted["values"]["title_zh_hans"] == "示例研讨班"
    assert proposal.public_note == {}


@pytest.mark.usefixtures("_four_eyes")
def test_translation_is_added_to_pending_proposal(translator):
    """The editor's change and note are left as they were."""
    record = published(seminars.seminar(title_en="Sample words"))
    base, proposed = (take_snapshot(record, record.child_relations) for _ in range(2))
    proposed.values["title_en"] = "Other words"
    review.propose(
        record,
        base=base,
        proposed=proposed,
        public_note={"en": "Corrected."},
        by=staff(),
        at=AT,
    )

    _saved(
        translator,
        record,
        {"title_vi": "Hội thảo mẫu", "public_note-vi": "Đã sửa."},
    )

    proposal = Proposal.objects.get()
    values = proposal.wanted["values"]
    assert (values["title_en"], values["title_vi"]) == ("Other words", "Hội thảo mẫu")
    assert proposal.public_note == {"en": "Corrected.", "vi": "Đã sửa."}


# ------------------------------------------ people that the user may not view


def test_save_without_people_permission_keeps_speaker(client):
    """Saving a form does not clear fields that are not in the form."""
    speaker = people.person(f"{MARK} Person")
    session = seminars.session(speaker=speaker)
    user = staff()
    user.groups.add(Group.objects.get(name="editor"))
    client.force_login(user)
    other_person = people.person("Other Person")

    response = client.get(_form(session.seminar))
    _saved(
        client,
        session.seminar,
        {"sessions-0-title_en": "Other words", "sessions-0-speaker": other_person.pk},
    )

    assert MARK not in response.content.decode()
    session.refresh_from_db()
    assert (session.title_en, session.speaker) == ("Other words", speaker)


def test_translation_of_deleted_row_is_reported_and_not_saved(translator):
    """Translators cannot add rows; the text is shown so that they can reuse it."""
    record = seminars.seminar()
    deleted, remaining = (
        seminars.session(record, title_en=title) for title in ("Gone", "Left")
    )
    opened = opened_form(translator, _form(record))
    editor = Client()
    editor.force_login(staff("sample.editor", is_superuser=True))
    values = {"sessions-0-DELETE": "on", "sessions-1-title_en": "Right"}
    editor.post(_form(record), opened_form(editor, _form(record)) | values)
    own_values = {"sessions-0-title_vi": "Mất", "sessions-1-title_vi": "Còn"}

    refused_response = translator.post(_form(record), opened | own_values)

    (conflict,) = refused_response.context["adminform"].form.conflicts
    assert "Mất" in conflict.yours
    assert conflict.uses_theirs
    form_data = filled(refused_response)
    assert translator.post(_form(record), form_data).status_code == 302
    remaining.refresh_from_db()
    assert (remaining.title_en, remaining.title_vi) == ("Right", "Còn")
    assert not Session.objects.filter(pk=deleted.pk).exists()
