"""Forms with more rows than one part of a form can have."""

import pytest

from seminars.models import Seminar
from tests.admin_forms import rows, token_for
from tests.factories.directory import any_country

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/seminars/seminar/add/"


def test_form_with_thousands_of_rows_is_refused(admin_client):
    any_country("CN")
    page = admin_client.get(ADDRESS)
    data = {"title_en": "Sample", "scope": "prosecutors"}
    for inline in page.context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    data |= rows("sessions", *({"title_en": f"No. {n}"} for n in range(4900)))

    response = admin_client.post(ADDRESS, data | token_for(admin_client, ADDRESS))

    (formset,) = (
        inline.formset
        for inline in response.context["inline_admin_formsets"]
        if inline.formset.prefix == "sessions"
    )
    (error,) = formset.non_form_errors()
    assert error == (
        "Nothing was saved: this part of a form can have at most 500 rows. "
        "Remove rows and save again."
    )
    assert len(formset.forms) == 500
    assert not Seminar.objects.exists()
