"""A sheet that changes only a date precision adjusts the date, as the form does."""

import datetime as dt

import pytest

from seminars.models import Seminar
from tests.factories import seminars
from tests.portal.content.spreadsheets.import_helpers import csv_of
from tests.portal.content.spreadsheets.test_admin import send as send
from tests.portal.content.spreadsheets.test_admin import undo_address
from tests.portal.content.spreadsheets.test_questions_admin import (
    staff_user as staff_user,
)
from tests.portal.content.spreadsheets.test_questions_admin import uploaded as uploaded
from tests.portal.content.spreadsheets.test_questions_admin import write as write

pytestmark = pytest.mark.django_db


def test_date_is_kept_as_exactly_as_its_new_precision(client, send, uploaded, write):
    day = dt.date(2008, 5, 3)
    seminars.seminar("SEM-0001", starts_on=day, date_precision="day")
    for precision, stored_date in (
        ("month", dt.date(2008, 5, 1)),
        ("year", dt.date(2008, 1, 1)),
    ):
        content = csv_of(("code", "date_precision"), ("SEM-0001", precision))
        batch, url = uploaded(content, "seminars")
        write(batch, url)

        seminar = Seminar.objects.get()
        assert (seminar.starts_on, seminar.date_precision) == (stored_date, precision)

    send(undo_address(url))
    seminar = Seminar.objects.get()
    assert (seminar.starts_on, seminar.date_precision) == (dt.date(2008, 5, 1), "month")
