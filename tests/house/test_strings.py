"""What people read: messages that translators can turn, and their catalogues."""

import ast
import os
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.templatetags.i18n import BlockTranslateNode
from django.utils.translation import to_locale

from portal.languages import BY_CODE, LANGUAGES
from tests.house.messages import all_messages, calls, nodes, template_names
from tests.house.tree import APPS, ROOT, name_of, python_files

ANONYMOUS = re.compile(r"(?<!%)%[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]|\{\d*[:!]?[^}\w]*\}")
NAMED = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}")
# English is the language of the messages themselves.
COMPLETE = [language.code for language in LANGUAGES if language.code != "en"]
STAFF_READ = "zh-hans"
# Between releases a message may be missing: it is shown in English.
release_check = pytest.mark.skipif(
    not os.environ.get("RELEASE_CHECK"), reason="part of “make release-check”"
)


def test_message_is_a_plain_string_where_gettext_is_called():
    """No f-string, no ``%``, no ``.format``: the catalogue holds the string itself."""
    wrong = [
        f"{name_of(path)}:{call.lineno}"
        for path in python_files(*APPS)
        for call, places in calls(path)
        for place in places
        if place >= 0 and not _is_plain(call.args[place])
    ]

    assert wrong == []


def _is_plain(argument: ast.expr) -> bool:
    """A string, or the constant for one that stands in a template too."""
    if isinstance(argument, ast.Name):
        return argument.id.isupper()
    return isinstance(argument, ast.Constant) and isinstance(argument.value, str)


def test_placeholders_have_names():
    """Translators must be able to move them, and to know what stands there."""
    wrong = [
        f"{message.where} {text!r}"
        for message in all_messages()
        for text in (message.text, message.plural)
        if ANONYMOUS.search(NAMED.sub("", text).replace("%%", ""))
    ]

    assert wrong == []


def test_every_blocktranslate_is_trimmed():
    wrong = [
        f"templates/{name}:{node.token.lineno}"
        for name in template_names()
        for node in nodes(name)
        if isinstance(node, BlockTranslateNode) and not node.trimmed
    ]

    assert wrong == []


def test_messages_do_not_begin_or_end_with_space():
    wrong = [
        f"{message.where} {message.text!r}"
        for message in all_messages()
        if message.text != message.text.strip() or not message.text
    ]

    assert wrong == []


# ------------------------------------------------------------------- catalogues


def _catalogue(code: str) -> Path:
    return ROOT / "locale" / to_locale(code) / "LC_MESSAGES" / "django.po"


CODES = [language.code for language in LANGUAGES]


@pytest.fixture(params=CODES)
def catalogue(request) -> polib.POFile:
    path = _catalogue(request.param)
    if not path.exists():
        pytest.fail(f"{name_of(path)} is missing: run “make messages”", pytrace=False)
    return polib.pofile(str(path), check_for_duplicates=True)


def test_catalogue_keeps_the_placeholders(catalogue):
    wrong = [
        f"line {entry.linenum}: {entry.msgid!r} → {text!r}"
        for entry in catalogue.translated_entries()
        for text in (entry.msgstr_plural or {0: entry.msgstr}).values()
        if not _keeps_placeholders(entry, text)
    ]

    assert wrong == []


def _keeps_placeholders(entry: polib.POEntry, text: str) -> bool:
    used, known = _names(text), _names(entry.msgid) | _names(entry.msgid_plural)
    if entry.msgid_plural:
        # A form may say "one" in words instead of its number.
        return used <= known and known - used <= {"counter", "count", "number"}
    return used == known


def _names(text: str) -> set[str]:
    return {old or new for old, new in NAMED.findall(text)}


def test_catalogue_holds_no_markup_that_the_message_has_not(catalogue):
    """A translation goes into pages unescaped where its message does."""
    tag = re.compile(r"</?(\w+)[^>]*>")
    wrong = [
        f"line {entry.linenum}: {entry.msgid!r}"
        for entry in catalogue.translated_entries()
        if set(tag.findall(entry.msgstr)) != set(tag.findall(entry.msgid))
        and not entry.msgid_plural
    ]

    assert wrong == []


@release_check
@pytest.mark.parametrize("code", COMPLETE)
def test_catalogue_is_complete(code):
    path = _catalogue(code)
    entries = polib.pofile(str(path)) if path.exists() else []
    translated = {
        (entry.msgctxt or "", entry.msgid) for entry in entries if entry.translated()
    }
    missing = sorted(
        f"{message.where} {message.text!r}"
        for message in all_messages()
        if message.key not in translated
        and (code == STAFF_READ or not message.is_for_staff)
    )

    assert not missing, f"{len(missing)} messages are not in {name_of(path)}: {missing}"


@pytest.mark.parametrize("code", [code for code in COMPLETE if code != STAFF_READ])
def test_catalogue_holds_only_what_visitors_read(code):
    """Nobody is to translate the desk into languages in which no one sits at it."""
    read = {message.key for message in all_messages() if not message.is_for_staff}
    entries = [entry for entry in polib.pofile(str(_catalogue(code))) if entry.msgid]

    surplus = [e.msgid for e in entries if (e.msgctxt or "", e.msgid) not in read]

    assert [text for text in surplus if text] == []


@release_check
@pytest.mark.parametrize("code", COMPLETE)
def test_catalogue_has_nothing_fuzzy(code):
    path = _catalogue(code)
    entries = polib.pofile(str(path)) if path.exists() else []

    assert [
        entry.msgid for entry in entries if entry.fuzzy and not entry.obsolete
    ] == []


@pytest.mark.parametrize("code", COMPLETE)
def test_catalogue_says_that_it_is_a_draft_until_someone_has_read_it(code):
    header = polib.pofile(str(_catalogue(code))).header
    is_draft = "not reviewed by a native speaker" in header

    assert is_draft is not BY_CODE[code].is_reviewed


def test_there_is_a_catalogue_for_every_language_and_no_other():
    folders = {path.name for path in (ROOT / "locale").iterdir() if path.is_dir()}

    assert folders == {to_locale(code) for code, _name in settings.LANGUAGES}
