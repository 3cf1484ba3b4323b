"""Four eyes on pictures: their words are part of each record that shows them."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.changes.models import Change
from portal.publishing import operations
from portal.publishing.files import Undescribed
from portal.publishing.models import Proposal
from portal.publishing.review import four_eyes
from portal.publishing.review import operations as review
from tests.adminforms import filled, rows
from tests.factories.conference import article
from tests.factories.files import picture
from tests.factories.publishing import (
    AT,
    actor,
    illustration,
    in_review,
    published,
    staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.FOUR_EYES = True


@pytest.fixture
def editor():
    return staff("sample.editor", is_superuser=True)


def opened(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_of(one) -> str:
    return reverse("admin:files_picture_change", args=[one.pk])


def say(client, one, words: str):
    address = form_of(one)
    data = filled(client.get(address)) | {"alternative_en": words}
    return client.post(address, data)


@pytest.mark.parametrize("state", [in_review, published])
def test_words_that_another_person_has_looked_at_stay(state, editor):
    shown = illustration(record := article()).picture
    state(record)
    client = opened(editor)

    answer = client.post(form_of(shown), {"alternative_en": "Other words"})

    shown.refresh_from_db()
    assert answer.status_code == 403
    assert shown.alternative_en == "A sample building"


def test_who_writes_the_words_of_a_draft_does_not_approve_it(editor):
    shown = illustration(record := article()).picture

    answer = say(opened(editor), shown, "Other words")

    assert answer.status_code == 302
    operations.submit(record, by=actor(), at=AT)
    with pytest.raises(four_eyes.NeedsAnother):
        operations.approve(record, by=editor, at=AT)


def test_office_of_one_person_changes_what_is_public_and_it_is_told(editor, settings):
    settings.FOUR_EYES = False
    shown = illustration(record := article()).picture
    published(record)

    answer = say(opened(editor), shown, "Other words")

    assert answer.status_code == 302
    assert Change.objects.latest("position").action == "updated"


def test_picture_of_a_published_record_waits_and_needs_its_words(editor):
    record = published(article(title_en="Opening"))
    bare = picture(alternative_en="")
    client = opened(editor)
    address = reverse("admin:conference_article_change", args=[record.pk])
    added = rows(
        "publishing-illustration-content_type-object_id",
        {"picture": bare.pk, "position": 0},
    )

    client.post(address, filled(client.get(address)) | added)
    proposal = Proposal.objects.get()

    assert not record.illustrations.exists()
    with pytest.raises(Undescribed, match="without alternative text"):
        review.accept(proposal, by=staff("sample.reviewer"), at=AT)
