"""Two people who have the form of one record open at one time."""

import datetime as dt

from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.publishing.models import Publishable
from tests.adminforms import errors, filled
from tests.factories.publishing import staff


def signed_in(username: str, language: str = "en") -> Client:
    known = User.objects.filter(username=username).first()
    user = known or staff(username, is_superuser=True)
    user.interface_language = language
    user.save()
    client = Client()
    client.force_login(user)
    return client


class TwoClerks:
    """``first`` opens the form of ``record`` and reads the interface in ``language``;
    ``second`` saves it meanwhile; then ``first`` sends what was opened."""

    def __init__(self, record: Publishable, *, language: str = "en"):
        name = f"admin:{record._meta.label_lower.replace('.', '_')}_change"
        self.record, self.address = record, reverse(name, args=[record.pk])
        self.first = signed_in("sample.first", language)
        self.second = signed_in("sample.second")
        self.language = language
        self.open()

    def open(self) -> None:
        """``first`` opens the form, which holds days as text."""
        self.opened = {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in filled(self.first.get(self.address)).items()
        }

    def meanwhile(self, client: Client | None = None, **words):
        """A colleague opens the form, changes ``words`` in it, and saves it. What is
        None is not sent."""
        client = client or self.second
        sent = filled(client.get(self.address)) | words
        sent = {name: value for name, value in sent.items() if value is not None}
        answer = client.post(self.address, sent)
        assert answer.status_code == 302, errors(answer)

    def send(self, **words):
        """The form that was opened before, with ``words`` in it: it is refused."""
        answer = self.first.post(self.address, self.opened | words)
        assert answer.status_code == 200
        assert "sample.second" in str(answer.context["errors"])
        return answer

    def again(self, answer, **words):
        """The form that came back, sent as it is but for ``words``: it is taken."""
        sent = {n: v for n, v in (filled(answer) | words).items() if v is not None}
        taken = self.first.post(self.address, sent)
        assert taken.status_code == 302, errors(taken)
        self.record.refresh_from_db()
        return self.record


def told(answer) -> dict[str, tuple[str, str, str, bool]]:
    """What the page tells of both versions, by label: opened, theirs, yours, and
    whether the colleague's stands in the form."""
    return {
        one.label: (one.opened, one.theirs, one.yours, one.is_taken)
        for one in answer.context["adminform"].form.conflict
    }
