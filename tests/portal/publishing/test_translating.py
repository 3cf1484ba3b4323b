"""A translator at the form of a record: their own languages, and nothing else."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from portal.accounts.models import User
from portal.history.snapshots import snapshot
from portal.publishing.models import Proposal, Source
from portal.publishing.review import operations as review
from seminars.models import Session
from tests.adminforms import errors, filled, rows
from tests.factories import people, seminars
from tests.factories.publishing import AT, published, source, staff
from tests.house.desk_world import MARK

pytestmark = pytest.mark.django_db


@pytest.fixture
def translator(client):
    """Somebody who writes Vietnamese and Lao."""
    user = staff("sample.translator")
    user.translates = ["vi", "lo"]
    user.save()
    user.groups.add(Group.objects.get(name="translator"))
    client.force_login(user)
    return client


def _form(record) -> str:
    return f"/admin/seminars/seminar/{record.pk}/change/"


def _saved(client, record, data: dict):
    """The answer to the form of ``record`` saved with ``data`` in it."""
    answer = client.post(_form(record), filled(client.get(_form(record))) | data)
    assert answer.status_code == 302, errors(answer)
    record.refresh_from_db()
    return answer


def test_translator_writes_in_their_languages(translator):
    record = seminars.seminar(title_zh_hans="示例研讨班")

    _saved(translator, record, {"title_vi": "Hội thảo mẫu", "title_lo": "ສຳມະນາ"})

    assert (record.title_vi, record.title_lo) == ("Hội thảo mẫu", "ສຳມະນາ")
    assert (record.status, record.title_zh_hans) == ("draft", "示例研讨班")


def test_translator_sees_all_of_a_record_and_nothing_to_write_beside(translator):
    record = seminars.seminar(title_zh_hans="示例研讨班", venue_as_recorded="Hall 9171")

    answer = translator.get(_form(record))

    told = answer.content.decode()
    assert "示例研讨班" in told
    assert "Hall 9171" in told
    names = set(answer.context["adminform"].form.fields)
    assert {name for name in names if not name.endswith(("_vi", "_lo"))} == {"seen"}


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
def test_what_else_is_sent_changes_nothing(translator, name, value):
    record = seminars.seminar()
    before, before_code = snapshot(record, record.parts), record.code

    _saved(translator, record, {"title_vi": "Hội thảo mẫu", name: value})

    after = snapshot(record, record.parts)
    changed = {key for key in after.values if after.values[key] != before.values[key]}
    assert changed == {"title_vi"}
    assert (after.links, after.parts) == (before.links, before.parts)
    assert (record.status, record.code) == ("draft", before_code)


def test_translator_writes_the_programme_in_their_languages(translator):
    record = seminars.seminar()
    session = seminars.session(record, title_en="Sample lecture")
    sent = {"sessions-0-title_vi": "Bài giảng", "sessions-0-title_en": "Other words"}

    _saved(translator, record, sent)

    session.refresh_from_db()
    assert (session.title_vi, session.title_en) == ("Bài giảng", "Sample lecture")


def test_translator_adds_and_deletes_no_rows(translator):
    record = seminars.seminar()
    session = seminars.session(record)
    source(record)
    new = rows("sessions", {"id": session.pk}, {"title_vi": "Mới", "position": 7})
    new |= {"sessions-0-DELETE": "on", "sessions-0-title_vi": "Bài giảng"}
    prefix = "publishing-source-content_type-object_id"
    new |= {
        f"{prefix}-TOTAL_FORMS": 2,
        f"{prefix}-0-url": "https://other.example/",
        f"{prefix}-1-url": "https://new.example/",
        f"{prefix}-1-position": 1,
    }

    _saved(translator, record, new)

    assert [one.title_vi for one in Session.objects.all()] == ["Bài giảng"]
    assert [one.url for one in Source.objects.all()] == ["https://example.org/report"]


def test_translator_without_languages_changes_nothing(client):
    user = staff()
    user.groups.add(Group.objects.get(name="translator"))
    client.force_login(user)
    record = seminars.seminar()

    answer = client.post(_form(record), {"title_vi": "Hội thảo mẫu"})

    assert answer.status_code == 403
    assert client.get(_form(record)).status_code == 200


def test_translator_who_edits_too_writes_everything(translator):
    User.objects.get(username="sample.translator").groups.add(
        Group.objects.get(name="editor")
    )
    record = seminars.seminar()

    _saved(translator, record, {"title_th": "อื่น"})

    assert record.title_th == "อื่น"


def test_list_offers_a_translator_nothing_but_to_take_it_out(translator):
    seminars.seminar()

    answer = translator.get("/admin/seminars/seminar/")

    offered = dict(answer.context["action_form"].fields["action"].choices)
    assert set(offered) == {"", "export_as_xlsx", "export_as_csv"}
    assert not answer.context["has_add_permission"]


# ------------------------------------------------------------- published, four eyes


@pytest.fixture
def _four_eyes(settings):
    settings.FOUR_EYES = True


@pytest.mark.usefixtures("_four_eyes")
def test_change_of_a_published_record_waits_for_another(translator):
    record = published(seminars.seminar(title_zh_hans="示例研讨班"))
    sent = {"title_vi": "Hội thảo mẫu", "title_zh_hans": "别的"}

    _saved(translator, record, {**sent, "public_note-en": "Forged."})

    proposal = Proposal.objects.get()
    assert not record.title_vi
    assert proposal.wanted["values"]["title_vi"] == "Hội thảo mẫu"
    assert proposal.wanted["values"]["title_zh_hans"] == "示例研讨班"
    assert proposal.public_note == {}


@pytest.mark.usefixtures("_four_eyes")
def test_translation_joins_a_change_that_waits(translator):
    """The editor's change and note stay in it as they were."""
    record = published(seminars.seminar(title_en="Sample words"))
    base, wanted = (snapshot(record, record.parts) for _time in range(2))
    wanted.values["title_en"] = "Other words"
    review.propose(
        record,
        base=base,
        wanted=wanted,
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


# -------------------------------------------------------------------- hidden people


def test_editor_who_sees_no_people_keeps_the_speaker(client):
    """What is not in the form is not lost by saving it."""
    speaker = people.person(f"{MARK} Person")
    session = seminars.session(speaker=speaker)
    user = staff()
    user.groups.add(Group.objects.get(name="editor"))
    client.force_login(user)
    other = people.person("Other Person")

    answer = client.get(_form(session.seminar))
    _saved(
        client,
        session.seminar,
        {"sessions-0-title_en": "Other words", "sessions-0-speaker": other.pk},
    )

    assert MARK not in answer.content.decode()
    session.refresh_from_db()
    assert (session.title_en, session.speaker) == ("Other words", speaker)


def test_words_in_a_row_that_an_editor_deleted_are_told_and_not_kept(translator):
    """A translator adds no rows: their words are shown, to be used elsewhere."""
    record = seminars.seminar()
    gone, left = (seminars.session(record, title_en=one) for one in ("Gone", "Left"))
    opened = filled(translator.get(_form(record)))
    editor = Client()
    editor.force_login(staff("sample.editor", is_superuser=True))
    words = {"sessions-0-DELETE": "on", "sessions-1-title_en": "Right"}
    editor.post(_form(record), filled(editor.get(_form(record))) | words)
    mine = {"sessions-0-title_vi": "Mất", "sessions-1-title_vi": "Còn"}

    refused = translator.post(_form(record), opened | mine)

    (one,) = refused.context["adminform"].form.conflict
    assert "Mất" in one.yours
    assert one.is_taken
    sent = filled(refused)
    assert translator.post(_form(record), sent).status_code == 302
    left.refresh_from_db()
    assert (left.title_en, left.title_vi) == ("Right", "Còn")
    assert not Session.objects.filter(pk=gone.pk).exists()
