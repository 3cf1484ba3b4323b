"""The staff admin is fully translated into Chinese: no own message is in English."""

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils.translation import override

from portal.core.languages import LANGUAGES_BY_CODE
from tests.factories.publishing import error_report, in_review, published, staff
from tests.factories.seminars import participant, seminar, session
from tests.failures import collect_failures
from tests.project.interface_messages import all_messages

pytestmark = pytest.mark.django_db
ADDRESSES = (
    "",
    "search/?q=SEM",
    "search/?q=no-such-thing",
    "/accounts/login/",
    "seminars/seminar/",
    "seminars/seminar/?q=SEM",
    "seminars/seminar/add/",
    "seminars/seminar/{pk}/change/",
    "seminars/seminar/{pk}/history/",
    "seminars/seminar/{pk}/copy/",
    "seminars/participant/",
    "directory/organ/add/",
    "exchanges/meeting/add/",
    "delegations/visit/add/",
    "people/person/add/",
    "publishing/errorreport/",
)
SPOKEN = ("placeholder", "title", "alt", "aria-label")
# Elements with one of these have data attributes with texts for our scripts.
SCRIPTED = {"data-staff-languages", "data-staff-checks", "data-on-record"}
# Names that are spelled alike in every language, and language codes in attributes.
UNTRANSLATED = {"English", "SEM", "ASEAN", *LANGUAGES_BY_CODE}


class TextCollector(HTMLParser):
    """Parser that collects visible texts of a page and texts in its attributes."""

    def __init__(self):
        super().__init__()
        self.found = set()
        self.silent = False

    def handle_starttag(self, tag, attributes):
        self.silent = tag in ("script", "style")
        values = dict(attributes)
        texts = [values.get(name) for name in SPOKEN]
        if SCRIPTED & set(values):
            texts += [text for name, text in attributes if name.startswith("data-")]
        if values.get("type") in ("submit", "button"):
            texts.append(values.get("value"))
        self.found |= {text.strip() for text in texts if text}

    def handle_data(self, data):
        if not self.silent:
            self.found.add(" ".join(data.split()).rstrip(":"))


def our_messages() -> set[str]:
    """Return all messages of the project, also with a capital first letter."""
    texts = {message.text for message in all_messages()} - UNTRANSLATED
    return texts | {text[:1].upper() + text[1:] for text in texts}


def create_rows() -> int:
    """Create rows for the dashboard widgets; return the pk of a seminar."""
    record = seminar("SEM-0001", title_zh_hans="示例")
    session(record, title_en="", title_zh_hans="示例")
    participant(record)
    published(seminar("SEM-0002", title_zh_hans="示例"))
    in_review(seminar("SEM-0003", title_zh_hans="示例"))
    error_report("示例")
    return record.pk


def test_chinese_admin_page_has_no_untranslated_message():
    user = staff(is_superuser=True)
    user.interface_language = "zh-hans"
    user.save()
    pk, messages = create_rows(), our_messages()

    with collect_failures() as failures:
        for address in ADDRESSES:
            with failures.isolated_case(address):
                client = Client()
                if address != "/accounts/login/":
                    client.force_login(user)
                path = address if address.startswith("/") else f"/admin/{address}"
                _check_page(client, path.format(pk=pk), messages)


def _check_page(client: Client, path: str, messages: set[str]) -> None:
    with override("zh-hans"):
        page = client.get(path, headers={"Accept-Language": "zh-CN"})
    collector = TextCollector()
    collector.feed(page.content.decode())

    assert page.status_code == 200
    assert '<html lang="zh-hans"' in page.content.decode()
    assert sorted(collector.found & messages) == []
