"""A precision that a sheet changes alone changes its date as a form does."""

import datetime as dt

import pytest

from seminars.models import Seminar
from tests.factories import seminars
from tests.portal.publishing.office_sheets import csv_of
from tests.portal.publishing.test_sheet_admin import send as send
from tests.portal.publishing.test_sheet_admin import undo_address
from tests.portal.publishing.test_sheet_questions_admin import clerk as clerk
from tests.portal.publishing.test_sheet_questions_admin import uploaded as uploaded
from tests.portal.publishing.test_sheet_questions_admin import write as write

pytestmark = pytest.mark.django_db


def test_date_is_kept_as_exactly_as_its_new_precision(client, send, uploaded, write):
    day = dt.date(2008, 5, 3)
    seminars.seminar("SEM-0001", starts_on=day, date_precision="day")
    for precision, kept in (
        ("month", dt.date(2008, 5, 1)),
        ("year", dt.date(2008, 1, 1)),
    ):
        content = csv_of(("code", "date_precision"), ("SEM-0001", precision))
        batch, address = uploaded(content, "seminars")
        write(batch, address)

        seminar = Seminar.objects.get()
        assert (seminar.starts_on, seminar.date_precision) == (kept, precision)

    send(undo_address(address))
    seminar = Seminar.objects.get()
    assert (seminar.starts_on, seminar.date_precision) == (dt.date(2008, 5, 1), "month")
