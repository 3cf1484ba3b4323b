"""The stored day of a date that is known only to the month or year."""

import datetime as dt

import pytest

from tests.factories.conference import article, document
from tests.factories.delegations import visit
from tests.factories.directory import organ
from tests.factories.exchanges import mechanism, meeting
from tests.factories.figures import reported_figure
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db
TYPED = dt.date(2024, 2, 17)
FIRST = {
    "day": TYPED,
    "month": dt.date(2024, 2, 1),
    "year": dt.date(2024, 1, 1),
}
LAST = {
    "day": TYPED,
    "month": dt.date(2024, 2, 29),
    "year": dt.date(2024, 12, 31),
}


@pytest.mark.parametrize("precision", FIRST)
@pytest.mark.parametrize(
    ("factory", "day", "precision_field"),
    [
        (document, "signed_on", "date_precision"),
        (document, "in_force_on", "in_force_precision"),
        (article, "reported_on", "date_precision"),
        (organ, "established_on", "date_precision"),
        (mechanism, "since", "date_precision"),
        (seminar, "starts_on", "date_precision"),
        (visit, "starts_on", "date_precision"),
        (meeting, "starts_on", "date_precision"),
    ],
)
def test_month_and_year_precision_store_first_day(
    factory, day, precision_field, precision
):
    record = factory(**{day: TYPED, precision_field: precision})

    record.full_clean()

    assert getattr(record, day) == FIRST[precision]


def test_document_dates_use_their_own_precision():
    record = document(
        signed_on=TYPED,
        date_precision="year",
        in_force_on=dt.date(2024, 6, 15),
        in_force_precision="month",
    )

    record.full_clean()

    assert (record.signed_on, record.in_force_on) == (
        dt.date(2024, 1, 1),
        dt.date(2024, 6, 1),
    )


@pytest.mark.parametrize("factory", [document, article, organ, mechanism, seminar])
def test_record_without_a_date_stays_without_one(factory):
    record = factory()

    record.full_clean()

    assert record.date_precision == ""


@pytest.mark.parametrize("precision", LAST)
def test_reported_total_period_ends_on_last_day(precision):
    record = reported_figure(as_of=TYPED, precision=precision)

    record.full_clean()
    record.full_clean()

    assert record.as_of == LAST[precision]
