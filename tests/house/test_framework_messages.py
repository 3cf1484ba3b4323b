"""What the frameworks say to visitors stands in our catalogues, and is still said."""

import re
from pathlib import Path

import django
import polib
import pytest
import rest_framework

from portal.desk import framework as desk
from portal.translations import framework

DJANGO = Path(django.__file__).parent
SOURCES = {
    "FORMS": DJANGO / "conf/locale/en/LC_MESSAGES/django.po",
    "API": Path(rest_framework.__file__).parent / "locale/en/LC_MESSAGES/django.mo",
    "ADMIN": DJANGO / "contrib/admin/locale/en/LC_MESSAGES/django.po",
}


def _said(name: str) -> set[str]:
    module = desk if name == "ADMIN" else framework
    text = Path(module.__file__).read_text(encoding="utf-8")
    block = text.partition(f"{name} = (")[2].partition("\n)\n")[0]
    joined = re.sub(r"[\"']\n\s+[\"']", "", block)
    return {
        double or single
        for double, single in re.findall(r"\"((?:[^\"])*)\"|'((?:[^'])*)'", joined)
    } - {"limit_value"}


@pytest.mark.parametrize("name", SOURCES)
def test_message_is_one_of_the_framework(name):
    path = SOURCES[name]
    read = polib.pofile if path.suffix == ".po" else polib.mofile
    source = read(str(path))
    known = {entry.msgid for entry in source} | {entry.msgid_plural for entry in source}

    said = _said(name)

    assert len(said) >= 3
    assert said - known == set()
