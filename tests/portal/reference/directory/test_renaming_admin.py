"""Renaming topics, places and parties through requests to the staff admin."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from portal.content.publishing import two_person_approval
from portal.content.review import operations as review
from portal.core.accounts.models import User
from portal.core.audit.snapshots import take_snapshot
from portal.reference.directory.models import NameChange, Topic
from tests.admin_forms import errors, filled
from tests.concurrent_editing import signed_in
from tests.factories.conference import article, document, edition
from tests.factories.delegations import stop, visit
from tests.factories.directory import any_country, name_change, party, place, topic
from tests.factories.publishing import (
    AT,
    actor,
    in_review,
    published,
    published_together,
    staff,
    withdrawn,
)
from tests.factories.seminars import seminar, session
from tests.failures import collect_failures
from tests.page_html import without_difference_marks
from tests.portal.content.spreadsheets.import_helpers import (
    checked,
    why_not_undone,
    written,
)
from tests.portal.staff.test_dashboard import permitted, waiting

pytestmark = pytest.mark.django_db
OLD, NEW = "Present name", "Wanted name"
# Factory of a row, the column of its name, and functions that create records that use
# the row in each possible way.
USES = [
    (topic, "name_en", lambda row: article(topics=[row])),
    (topic, "name_en", lambda row: seminar(topics=[row])),
    (place, "name_en", lambda row: edition(places=[row])),
    (place, "name_en", lambda row: session(seminar(), place=row).seminar),
    (place, "name_en", lambda row: stop(visit(), place=row).visit),
    (party, "display_name_en", lambda row: document(named_parties=[row])),
]
NAMES = [(topic, "name_en"), (place, "name_en"), (party, "display_name_en")]


def uses_of(factory) -> list:
    """Return the functions that create records that use a row of ``factory``."""
    return [use for owner, _column, use in USES if owner is factory]


@pytest.fixture(autouse=True)
def two_persons(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def author():
    return signed_in("sample.author")


@pytest.fixture
def reviewer():
    return signed_in("sample.reviewer")


@pytest.fixture
def training() -> Topic:
    """Return a topic that a published article uses."""
    used = topic("training", name_en=OLD, name_zh_hans="培训")
    published_together(article("sample", topics=[used]))
    return used


@pytest.fixture
def change(author, training) -> NameChange:
    """Return a change of the name of ``training`` that ``author`` has proposed."""
    user = User.objects.get(username="sample.author")
    return name_change(training, by=user, name_en=NEW)


def address(row, page="change") -> str:
    return reverse(
        f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk]
    )


def save(client, row, **values):
    """Open the change form of ``row`` and submit it with ``values``."""
    response = client.post(address(row), filled(client.get(address(row))) | values)
    assert response.status_code in (200, 302), errors(response)
    return response


def decide(client, change, button: str, **values):
    """Open the page of ``change`` and submit it with ``button``."""
    page = client.get(address(change))
    sent = {"version": page.context["version"], button: "1", "reason": ""} | values
    return client.post(address(change), sent, follow=True)


def messages_of(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


# Each use occurs, and each kind of name both in a window of its own and in a popup: the
# form asks whether the name is used, whichever window it is in.
IN_FORM = [(*use, number % 2 == 1) for number, use in enumerate(USES)]
IN_FORM.append((*USES[-1], False))


@pytest.mark.parametrize(("factory", "column", "use", "is_popup"), IN_FORM)
def test_name_in_public_use_is_not_changed_by_its_form(
    author, factory, column, use, is_popup
):
    row = factory(**{column: OLD})
    published(use(row))
    popup = {"_popup": "1"} if is_popup else {}

    save(author, row, **{column: NEW}, **popup)

    row.refresh_from_db()
    assert getattr(row, column) == OLD
    change = NameChange.objects.get()
    assert (change.row, change.wanted[column]) == (row, NEW)
    page = author.get(address(row)).content.decode()
    assert "submitted for approval by another person" in page
    assert "a change by sample.author that has not been published" in page
    assert f'value="{NEW}"' in page


@pytest.mark.parametrize(("factory", "column"), NAMES)
def test_name_of_records_that_are_not_public_is_changed_at_once(
    author, factory, column
):
    """If one of the uses counted as public, the change would wait."""
    row = factory(**{column: OLD})
    for use in uses_of(factory):
        in_review(use(row))

    save(author, row, **{column: NEW})

    row.refresh_from_db()
    assert getattr(row, column) == NEW
    assert not NameChange.objects.exists()


@pytest.mark.parametrize(("factory", "column"), NAMES)
def test_person_who_renamed_a_name_has_contributed_to_records_that_use_it(
    author, factory, column
):
    row, user = factory(**{column: OLD}), User.objects.get(username="sample.author")
    states = {
        "in review": in_review,
        "withdrawn": withdrawn,
        "draft": lambda _row: None,
    }
    records = {}
    for number, use in enumerate(uses_of(factory)):
        for name, change_state in states.items():
            records[number, name] = use(row)
            change_state(records[number, name])
    other_article = article("other")

    def contributed() -> dict:
        return {
            use: two_person_approval.has_contributed(record, user)
            for use, record in records.items()
        }

    assert contributed() == dict.fromkeys(records, False)

    save(author, row, **{column: NEW})
    save(author, row, **{column: f"{NEW} again"})

    assert contributed() == dict.fromkeys(records, True)
    assert not two_person_approval.has_contributed(other_article, user)


def test_person_who_renamed_a_name_has_contributed_to_changes_that_add_it(author):
    row, record = topic("new", name_en=OLD), published(seminar())
    base, proposed = (take_snapshot(record, record.child_relations) for _ in range(2))
    proposed.links["topics"] = [row.pk]
    arguments = {"public_note": {}, "by": staff("sample.editor"), "at": AT}
    review.propose(record, base=base, proposed=proposed, **arguments)

    save(author, row, name_en=NEW)

    user = User.objects.get(username="sample.author")
    assert Topic.objects.get().name_en == NEW
    assert two_person_approval.has_contributed(record, user)


def test_name_in_public_use_is_changed_at_once_where_one_person_is_enough(
    author, training, settings
):
    settings.TWO_PERSON_APPROVAL = False

    save(author, training, name_en=NEW)

    training.refresh_from_db()
    assert training.name_en == NEW
    assert not NameChange.objects.exists()


def test_direct_change_closes_the_change_that_its_form_showed(
    author, training, settings
):
    save(author, training, name_en=NEW)
    settings.TWO_PERSON_APPROVAL = False

    save(author, training, name_vi="Tên")

    training.refresh_from_db()
    assert (training.name_en, training.name_vi) == (NEW, "Tên")
    assert NameChange.objects.get().state == "discarded"


@pytest.mark.parametrize(
    "column", ["name_zh_hans", "name_km", "name_local", "time_zone"]
)
def test_any_column_of_a_public_place_waits(author, column):
    hanoi = place("ha-noi", name_en=OLD)
    published(edition(places=[hanoi]))
    value = "Asia/Bangkok" if column == "time_zone" else NEW

    save(author, hanoi, **{column: value})

    assert NameChange.objects.get().wanted == {column: value}
    assert getattr(type(hanoi).objects.get(), column) != value


@pytest.mark.parametrize("is_public", [False, True])
def test_key_of_a_party_is_not_changed_by_its_form(author, is_public):
    ministry, laos = party(OLD), any_country("LA")
    if is_public:
        published(document(named_parties=[ministry]))

    save(author, ministry, name=NEW, country=laos.pk, display_name_en=NEW)

    ministry.refresh_from_db()
    assert (ministry.name, ministry.country.iso2) == (OLD, "VN")
    if is_public:
        assert NameChange.objects.get().wanted == {"display_name_en": NEW}
    else:
        assert ministry.display_name_en == NEW
    page = author.get(address(ministry)).content.decode()
    assert "You cannot change the name or the country" in page


def test_accepted_name_is_public_on_page_and_api(
    author, reviewer, training, client, django_capture_on_commit_callbacks
):
    def public() -> list[bool]:
        cache.clear()
        bodies = [
            client.get(path).content.decode()
            for path in ("/en/news/", "/en/calendar/", "/api/v1/articles/sample/")
        ]
        return [NEW in body for body in bodies]

    save(author, training, name_en=NEW)
    assert public() == [False, False, False]

    with django_capture_on_commit_callbacks(execute=True):
        response = decide(reviewer, NameChange.objects.get(), "_accept")

    assert "” has been approved." in messages_of(response)
    assert public() == [True, True, True]


def test_page_of_a_change_shows_the_difference(reviewer, change):
    page = without_difference_marks(reviewer.get(address(change)).text)

    assert all(text in page for text in (OLD, NEW, "Name (English)", "_accept"))


def test_author_is_offered_and_granted_no_acceptance(author, training, change):
    page = author.get(address(change)).content.decode()
    response = decide(author, change, "_accept")

    assert "_accept" not in page
    assert (
        "You proposed this change, so another person must approve it."
    ) in messages_of(response)
    training.refresh_from_db()
    assert training.name_en == OLD


def test_colleague_edits_the_change_that_waits_and_loses_nothing_of_it(
    reviewer, training, change
):
    save(reviewer, training, name_vi="Tên")

    change.refresh_from_db()
    assert change.wanted == {"name_en": NEW, "name_vi": "Tên"}
    assert "another person" in messages_of(decide(reviewer, change, "_accept"))
    assert Topic.objects.get().name_en == OLD


def test_change_edited_after_its_page_was_opened_is_not_accepted(
    author, reviewer, training, change
):
    opened = reviewer.get(address(change)).context["version"]
    save(author, training, name_en="Unreviewed text")

    response = decide(reviewer, change, "_accept", version=opened)

    assert (
        "” or this change was edited after you opened the page, so "
        "your decision was not applied. Read the change again and "
        "decide."
    ) in messages_of(response)
    assert Topic.objects.get().name_en == OLD


def test_decision_without_the_version_of_its_own_page_is_refused(
    author, reviewer, change
):
    of_author = author.get(address(change)).context["version"]

    with collect_failures() as failures:
        for version in ("", "forged", of_author):
            for button in ("_accept", "_return", "_discard"):
                with failures.isolated_case(version, button):
                    sent = {"version": version, button: "1", "reason": "Wrong."}
                    reviewer.post(address(change), sent)

                    change.refresh_from_db()
                    assert change.state == "waiting"
                    assert Topic.objects.get().name_en == OLD


def test_return_needs_a_reason_that_the_author_reads(
    author, reviewer, training, change
):
    refused = decide(reviewer, change, "_return")
    decide(reviewer, change, "_return", reason="It is too short.")

    assert refused.context["form"].errors
    change.refresh_from_db()
    assert change.state == "returned"
    for page in (address(training), address(change)):
        text = " ".join(author.get(page).text.split())
        assert "<h2>Reason</h2> <blockquote>It is too short.</blockquote>" in text


def test_reason_that_a_decision_would_not_store_is_refused(reviewer, change):
    for button, reason in (("_accept", "My reason"), ("_discard", "x" * 2001)):
        response = decide(reviewer, change, button, reason=reason)

        change.refresh_from_db()
        assert change.state == "waiting"
        assert f"{reason}</textarea>" in response.text

    decide(reviewer, change, "_accept")
    change.refresh_from_db()
    assert change.state == "accepted"


def test_reason_stays_when_the_change_was_edited_or_decided(reviewer, author, change):
    opened = reviewer.get(address(change)).context["version"]
    save(author, change.row, name_en="Third name")

    response = decide(reviewer, change, "_return", version=opened, reason="My reason")
    assert "My reason</textarea>" in response.text
    assert "Third name" in without_difference_marks(response.text)
    change.refresh_from_db()
    assert change.state == "waiting"

    opened = response.context["version"]
    decide(author, change, "_discard")
    response = decide(reviewer, change, "_return", version=opened, reason="My reason")
    assert "Your text was not sent" in response.text
    assert "My reason" in response.text


def test_author_discards_own_change(author, training, change):
    decide(author, change, "_discard")

    assert NameChange.objects.get().state == "discarded"
    assert OLD in author.get(address(training)).content.decode()


def test_decision_needs_the_right_to_review(change, client):
    client.force_login(permitted("view_namechange"))
    version = client.get(address(change)).context["version"]

    with collect_failures() as failures:
        for button in ("_accept", "_return", "_discard"):
            with failures.isolated_case(button):
                sent = {"version": version, button: "1", "reason": "No."}
                response = client.post(address(change), sent)

                assert response.status_code == 403
                change.refresh_from_db()
                assert change.state == "waiting"


def test_form_opened_before_a_colleague_saved_is_refused_once(author, reviewer):
    row = topic("unused", name_en=OLD, name_vi="")
    opened = filled(author.get(address(row)))
    save(reviewer, row, name_vi="Tên của đồng nghiệp")

    refused = author.post(address(row), opened | {"name_en": NEW})
    stored = Topic.objects.get()
    taken = author.post(address(row), filled(refused) | {"name_vi": "Tên"})

    assert refused.status_code == 200
    assert "Tên của đồng nghiệp" in str(errors(refused))
    assert (stored.name_en, stored.name_vi) == (OLD, "Tên của đồng nghiệp")
    assert taken.status_code == 302
    assert (Topic.objects.get().name_en, Topic.objects.get().name_vi) == (NEW, "Tên")


@pytest.mark.parametrize("token", ["", "forged"])
def test_form_without_the_values_that_it_was_opened_with_is_refused(author, token):
    row = topic("unused", name_en=OLD)

    response = save(author, row, name_en=NEW, opened=token)

    assert response.status_code == 200
    assert Topic.objects.get().name_en == OLD


def test_name_that_another_party_has_is_refused_in_the_form(author):
    ministry = party("Ministry")
    add = "/admin/directory/namedparty/add/"
    values = {"name": "Ministry", "country": ministry.country_id}

    response = author.post(add, filled(author.get(add)) | values)

    assert "already" in str(errors(response))


def test_deletion_of_an_unused_name_discards_its_open_change(author):
    row = topic(name_en=OLD)
    change = name_change(row, name_en=NEW)

    response = author.post(address(row, "delete"), {"post": "yes"})

    assert response.status_code == 302
    assert not Topic.objects.exists()
    change.refresh_from_db()
    assert change.state == "discarded"
    page = author.get(address(change)).content.decode()
    assert f"#{row.pk}" in page
    assert NEW in without_difference_marks(page)


def test_sheet_of_the_office_renames_no_name(training):
    content = f"key,name_en\ntraining,{NEW}\n".encode()

    batch = checked(content, "topics")

    assert batch.error_count == 1
    assert "Edit it in its form" in str(batch.errors)
    assert Topic.objects.get().name_en == OLD


def test_undo_of_an_import_leaves_a_name_in_public_use_as_it_is():
    batch = written(f"key,name_en\ntraining,{OLD}\n".encode(), "topics")
    published(article("sample", topics=[Topic.objects.get()]))

    reason = why_not_undone(batch)

    assert "used by" in reason
    assert Topic.objects.get().name_en == OLD


def test_changes_wait_on_the_start_page_of_who_may_accept_them(training):
    author = permitted("change_topic", "view_namechange", username="sample.author")
    reviewer = permitted(
        "review_namechange", "view_namechange", username="sample.reviewer"
    )
    change = name_change(training, by=author)

    assert waiting(reviewer) == {"review": [OLD]}
    assert waiting(author) == {}
    NameChange.objects.filter(pk=change.pk).update(state="returned", reason="No.")
    assert waiting(reviewer) == {}
    assert waiting(author) == {"returned": [OLD]}


def test_own_change_waits_for_another_reviewer(training):
    both = permitted("review_namechange", "view_namechange")
    name_change(training, by=both)

    assert waiting(both) == {}


def test_list_of_changes_names_their_rows(reviewer, training):
    name_change(training, by=actor())

    page = reviewer.get("/admin/directory/namechange/").content.decode()

    assert OLD in page
