"""Messages of the frameworks that the portal translates still exist there."""

import re
from pathlib import Path

import django
import polib
import rest_framework

from portal.core.translations import framework_messages
from portal.staff import framework_messages as staff_messages
from tests.failures import collect_failures

DJANGO = Path(django.__file__).parent
SOURCES = {
    "FORM": DJANGO / "conf/locale/en/LC_MESSAGES/django.po",
    "API": Path(rest_framework.__file__).parent / "locale/en/LC_MESSAGES/django.mo",
    "ADMIN": DJANGO / "contrib/admin/locale/en/LC_MESSAGES/django.po",
}


def _copied_messages(name: str) -> set[str]:
    module = staff_messages if name == "ADMIN" else framework_messages
    text = Path(module.__file__).read_text(encoding="utf-8")
    block = text.partition(f"{name}_MESSAGES = (")[2].partition("\n)\n")[0]
    joined = re.sub(r"[\"']\n\s+[\"']", "", block)
    return {
        double or single
        for double, single in re.findall(r"\"((?:[^\"])*)\"|'((?:[^'])*)'", joined)
    } - {"limit_value"}


def test_copied_framework_messages_still_exist_upstream():
    with collect_failures() as failures:
        for name, path in SOURCES.items():
            with failures.case(name):
                parse = polib.pofile if path.suffix == ".po" else polib.mofile
                catalogue = parse(str(path))
                known = {entry.msgid for entry in catalogue}
                known |= {entry.msgid_plural for entry in catalogue}
                copied = _copied_messages(name)
                assert len(copied) >= 3
                assert copied - known == set()
