"""Two users who edit one record at the same time."""

import datetime as dt

from django.test import Client
from django.urls import reverse

from portal.content.publishing.models import Publishable
from portal.core.accounts.models import User
from tests.admin_forms import errors, filled
from tests.factories.publishing import staff
from tests.unrendered_pages import opened_form, unrendered


def signed_in(username: str, language: str = "en") -> Client:
    known = User.objects.filter(username=username).first()
    user = known or staff(username, is_superuser=True)
    user.interface_language = language
    user.save()
    client = Client()
    client.force_login(user)
    return client


class ConcurrentEditors:
    """Two users who have the change form of ``record`` open.

    ``first`` opens the form and reads the interface in ``language``, ``second`` saves
    the record meanwhile, then ``first`` posts the outdated form.
    """

    def __init__(self, record: Publishable, *, language: str = "en"):
        name = f"admin:{record._meta.label_lower.replace('.', '_')}_change"
        self.record, self.address = record, reverse(name, args=[record.pk])
        self.first = signed_in("sample.first", language)
        self.second = signed_in("sample.second")
        self.language = language
        self.open()

    def open(self) -> None:
        """Open the form as ``first``; dates are stored as text, as browsers do."""
        self.opened = {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in self.shown(self.first).items()
        }
        self._is_current = True

    def _current_data(self, client: Client) -> dict:
        """Return the data of the form for ``client``.

        Without a save since ``first`` opened the form, it is what ``first`` has, unless
        the languages differ, in which dates are written differently.
        """
        if self._is_current and self.language == "en":
            return self.opened
        return self.shown(client)

    def shown(self, client: Client) -> dict:
        """Return the data of the form when ``client`` opens it now."""
        return opened_form(client, self.address)

    def save_concurrently(self, client: Client | None = None, **values):
        """Save the form with changed ``values`` as ``second``, or as ``client``.

        A field whose value is None is not posted.
        """
        client = client or self.second
        data = self._current_data(client) | values
        self._is_current = False
        data = {name: value for name, value in data.items() if value is not None}
        response = client.post(self.address, data)
        assert response.status_code == 302, errors(response)

    def send(self, **values):
        """Post the outdated form with ``values``; return the page with the conflict.

        The page has a context but no HTML; see :meth:`send_and_render`.
        """
        with unrendered():
            response = self._post_outdated(values)
        return _refused(response)

    def send_and_render(self, **values):
        """As :meth:`send`; the page has its HTML too."""
        return _refused(self._post_outdated(values))

    def _post_outdated(self, values: dict):
        return self.first.post(self.address, self.opened | values)

    def resubmit(self, response, **values):
        """Post the returned form with ``values``; return the record, which is saved."""
        data = {n: v for n, v in (filled(response) | values).items() if v is not None}
        saved = self.first.post(self.address, data)
        assert saved.status_code == 302, errors(saved)
        self.record.refresh_from_db()
        return self.record


def _refused(response):
    assert response.status_code == 200
    assert "sample.second" in str(response.context["errors"])
    return response


def conflicts_by_label(response) -> dict[str, tuple[str, str, str, bool]]:
    """Return the conflicts on the page by label.

    A conflict is (value when opened, their value, your value, whether theirs is
    selected).
    """
    return {
        conflict.label: (
            conflict.baseline,
            conflict.theirs,
            conflict.yours,
            conflict.uses_theirs,
        )
        for conflict in response.context["adminform"].form.conflicts
    }
