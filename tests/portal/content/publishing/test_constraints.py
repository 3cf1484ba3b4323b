"""Database constraints, and the messages with which ``full_clean`` reports them."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from portal.conference.models import Article
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Publishable, Redirect, Source
from portal.core.accounts.models import User
from tests.factories import made
from tests.factories.conference import article, document, edition, page, paragraph
from tests.factories.directory import country, organ, party, place, topic
from tests.factories.figures import reported_figure
from tests.factories.people import person
from tests.factories.publishing import actor, redirect
from tests.project.source_tree import APPS

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 9, 22)
BEFORE = dt.date(2025, 9, 21)
WRITTEN = "Enter a title or name in Simplified Chinese or English."
DATED = "Choose day, month or year for the date, or leave both blank."
ORDERED = (
    "The end date must be the same as or after the start date, "
    "and both must be exact to the day. Correct the end date "
    "or leave it blank."
)
QUALIFIED = (
    "Choose “exact”, “about” or “more than” for the number, or leave both blank."
)
FIGURE = "Enter a value, or choose “number not given in the source”."
THEME = "Enter the language code of the theme in another language."
ACTOR = "A system account cannot be active, staff or superuser."
NAME_MISSING = "Enter the name in Latin letters or in the person's own script."
BROKEN = [
    (article, {"title_en": ""}, WRITTEN),
    (article, {"title_en": "", "title_th": "เปิด"}, WRITTEN),
    (page, {"title_en": None}, WRITTEN),
    (document, {"title_en": ""}, WRITTEN),
    (country, {"name_en": "", "name_zh_hans": ""}, WRITTEN),
    (organ, {"name_en": ""}, WRITTEN),
    (place, {"name_en": ""}, WRITTEN),
    (topic, {"name_en": ""}, WRITTEN),
    (reported_figure, {"text_en": ""}, WRITTEN),
    (edition, {"starts_on": DAY}, DATED),
    (edition, {"date_precision": "day"}, DATED),
    (document, {"signed_on": DAY}, DATED),
    (document, {"in_force_precision": "day"}, DATED),
    (article, {"reported_on": DAY}, DATED),
    (organ, {"established_on": DAY}, DATED),
    (
        edition,
        {"starts_on": DAY, "ends_on": BEFORE, "date_precision": "day"},
        ORDERED,
    ),
    (edition, {"starts_on": DAY, "ends_on": DAY, "date_precision": "month"}, ORDERED),
    (edition, {"participants": 80}, QUALIFIED),
    (edition, {"participants_qualifier": "about"}, QUALIFIED),
    (edition, {"theme_other": "Tema"}, THEME),
    (edition, {"theme_other_language": "ms"}, THEME),
    (reported_figure, {"value": None}, FIGURE),
    (reported_figure, {"qualifier": "a-number-of"}, FIGURE),
    (
        article,
        {"status": Status.PUBLISHED},
        "A published record must have a publication date.",
    ),
    (article, {"status": "lost"}, "The status of this record is not valid."),
    (
        redirect,
        {"new_path": "/ywb/old.shtml"},
        ("The old and new addresses are the same. Enter a different new address."),
    ),
    (person, {"name_latin": ""}, NAME_MISSING),
]


@pytest.mark.parametrize(("factory", "values", "message"), BROKEN)
def test_constraint_violation_is_rejected_and_has_message(factory, values, message):
    row = factory()
    for name, value in values.items():
        setattr(row, name, value)

    with pytest.raises(ValidationError) as error:
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()

    assert message in error.value.messages


@pytest.mark.parametrize(
    ("factory", "values"),
    [
        (article, {"title_en": "", "title_zh_hans": "开幕"}),
        (article, {"title_en": None, "title_zh_hans": "开幕"}),
        (edition, {"starts_on": DAY, "ends_on": DAY, "date_precision": "day"}),
        (edition, {"starts_on": DAY, "date_precision": "month"}),
        (edition, {"participants": 0, "participants_qualifier": "exact"}),
        (edition, {"theme_other": "Tema", "theme_other_language": "ms"}),
        (reported_figure, {"value": None, "qualifier": "a-number-of"}),
        (person, {"name_latin": "", "name_own": "样本"}),
    ],
)
def test_valid_row_satisfies_constraints(factory, values):
    row = factory(**values)

    row.full_clean()
    row.save()


def test_edition_number_begins_at_one():
    row = edition(1)
    row.number = 0

    with pytest.raises(
        ValidationError, match="The conference number must be 1 or more"
    ):
        row.full_clean()
    with pytest.raises(IntegrityError, match="conference_edition_number"):
        row.save()


def test_organ_cannot_be_its_own_parent():
    row = organ()
    row.parent = row

    with pytest.raises(
        ValidationError,
        match=("An organisation cannot be its own higher-level organisation"),
    ):
        row.full_clean()
    with pytest.raises(IntegrityError, match="directory_organ_not_its_own_parent"):
        row.save()


def test_party_name_is_unique_per_country():
    ministry = party()
    duplicate = type(ministry)(name=ministry.name, country=ministry.country)

    with pytest.raises(
        ValidationError, match="This organisation has already been added"
    ):
        duplicate.full_clean()
    with pytest.raises(IntegrityError):
        duplicate.save()


def test_paragraph_number_is_unique_per_document():
    first = paragraph(document())
    duplicate = type(first)(document=first.document, number=1, text_en="Another.")

    with pytest.raises(
        ValidationError,
        match=("This document already has a paragraph with this number"),
    ):
        duplicate.full_clean()
    with pytest.raises(IntegrityError):
        duplicate.save()


@pytest.mark.parametrize("flag", ["is_active", "is_staff", "is_superuser"])
def test_system_actor_cannot_be_active_staff_or_superuser(flag):
    user = actor()
    setattr(user, flag, True)

    with pytest.raises(ValidationError) as error:
        user.full_clean()
    with pytest.raises(IntegrityError, match="accounts_user_actor_cannot_sign_in"):
        user.save()

    assert ACTOR in error.value.messages


def test_source_requires_http_url():
    row = Source(record=article(), url="ftp://example.org/")

    with pytest.raises(ValidationError, match="Enter a valid URL"):
        row.full_clean()
    with pytest.raises(IntegrityError, match="publishing_source_is_web_address"):
        row.save()


def test_archived_copy_of_a_source_requires_http_url():
    row = Source(
        record=article(), url="https://example.org/", archive_url="javascript:void(0)"
    )

    with pytest.raises(ValidationError, match="Enter a valid URL"):
        row.full_clean()
    with pytest.raises(
        ValidationError, match="Enter the full web address of the archived copy"
    ) as error:
        row.validate_constraints()
    with pytest.raises(
        IntegrityError, match="publishing_source_archive_is_web_address"
    ):
        row.save()

    assert (
        "Enter the full web address of the archived copy, starting "
        "with http:// or https://."
    ) in str(error.value)


@pytest.mark.parametrize(
    "values", [{"published_on": DAY}, {"date_precision": "month"}], ids=str
)
def test_date_of_a_source_requires_its_precision(values):
    row = Source(record=article(), url="https://example.org/", **values)

    with pytest.raises(ValidationError) as error:
        row.full_clean()
    with pytest.raises(
        IntegrityError, match="publishing_source_published_on_precision"
    ):
        row.save()

    assert error.value.messages == [DATED]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ywb/x", "/en/"),
        ("/ywb/ x", "/en/"),
        ("/ywb/x", "en/"),
        ("/ywb/x", "//evil.example/"),
        ("/ywb/x", "https://evil.example/"),
    ],
)
def test_redirect_target_is_same_site_path(old, new):
    with pytest.raises(ValidationError):
        Redirect(old_path=old, new_path=new).full_clean()


def test_month_and_year_precision_store_first_day():
    month = edition(starts_on=DAY, date_precision="month")
    year = edition(starts_on=DAY, date_precision="year")

    month.full_clean()
    year.full_clean()

    assert month.starts_on == dt.date(2025, 9, 1)
    assert year.starts_on == dt.date(2025, 1, 1)


def test_sort_on_is_generated_by_database():
    dated = edition(1, starts_on=DAY, date_precision="day")
    undated = edition(2)
    type(dated).objects.filter(number=1).update(starts_on=BEFORE)

    dated.refresh_from_db()
    undated.refresh_from_db()

    assert dated.sort_on == BEFORE
    assert undated.sort_on == dt.date(1, 1, 1)


def test_every_constraint_has_name_and_error_message():
    project_models = [
        model for model in apps.get_models() if model.__module__.split(".")[0] in APPS
    ]
    models_with_forms = [
        model for model in project_models if model._meta.app_label not in INTERNAL
    ]

    constraints_without_message = [
        constraint.name
        for model in models_with_forms
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint)
        and constraint.violation_error_message
        == constraint.default_violation_error_message
    ]

    assert constraints_without_message == []


# Apps whose models have no form.
INTERNAL = {"catalogue", "changes"}


def test_every_publishable_model_has_base_constraints():
    for model in apps.get_models():
        if not issubclass(model, Publishable):
            continue
        prefix = f"{model._meta.app_label}_{model._meta.model_name}"
        names = {constraint.name for constraint in model._meta.constraints}
        assert {f"{prefix}_published_at", f"{prefix}_status"} <= names


def test_user_is_not_system_actor_by_default():
    user = made(User, username="sample.clerk", is_staff=True)

    assert (user.is_actor, user.is_active) == (False, True)
    assert not Article.objects.exists()
