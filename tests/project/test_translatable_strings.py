"""Translatable messages in code and templates, and the message catalogues."""

import ast
import os
import re
from functools import cache
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.templatetags.i18n import BlockTranslateNode
from django.utils.translation import to_locale

from portal.core.languages import LANGUAGES, LANGUAGES_BY_CODE
from tests.failures import collect_failures
from tests.project.interface_messages import (
    Message,
    all_messages,
    calls,
    nodes,
    template_names,
)
from tests.project.source_tree import APPS, ROOT, name_of, python_files

ANONYMOUS = re.compile(r"(?<!%)%[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]|\{\d*[:!]?[^}\w]*\}")
NAMED_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}")
# English is the language of the messages themselves.
COMPLETE = [language.code for language in LANGUAGES if language.code != "en"]
STAFF_READ = "zh-hans"
# Between releases a message may be missing: it is shown in English.
release_check = pytest.mark.skipif(
    not os.environ.get("RELEASE_CHECK"), reason="part of “make release-check”"
)


def test_gettext_arguments_are_string_literals():
    """No f-string, ``%`` or ``.format``: the catalogue has the literal string."""
    wrong = [
        f"{name_of(path)}:{call.lineno}"
        for path in python_files(*APPS)
        for call, places in calls(path)
        for place in places
        if place >= 0 and not _is_plain(call.args[place])
    ]

    assert wrong == []


def _is_plain(argument: ast.expr) -> bool:
    """Whether it is a string literal, or a constant for one that a template uses."""
    if isinstance(argument, ast.Name):
        return argument.id.isupper()
    return isinstance(argument, ast.Constant) and isinstance(argument.value, str)


def _own_messages() -> list[Message]:
    """Return the messages without those of the frameworks, which have their wording."""
    return [
        message
        for message in all_messages()
        if "/framework_messages.py:" not in message.where
    ]


def test_message_placeholders_are_named():
    """Translators must be able to reorder and to understand them."""
    wrong = [
        f"{message.where} {text!r}"
        for message in _own_messages()
        for text in (message.text, message.plural)
        if ANONYMOUS.search(NAMED_PLACEHOLDER.sub("", text).replace("%%", ""))
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
        for message in _own_messages()
        if message.text != message.text.strip() or not message.text
    ]

    assert wrong == []


# ------------------------------------------------------------------- catalogues


def _catalogue(code: str) -> Path:
    return ROOT / "locale" / to_locale(code) / "LC_MESSAGES" / "django.po"


CODES = [language.code for language in LANGUAGES]


@cache
def _parsed_catalogue(code: str) -> polib.POFile:
    path = _catalogue(code)
    if not path.exists():
        pytest.fail(f"{name_of(path)} is missing: run “make messages”", pytrace=False)
    return polib.pofile(str(path), check_for_duplicates=True)


def test_translations_keep_placeholders():
    with collect_failures() as failures:
        for code in CODES:
            with failures.case(code):
                wrong = [
                    f"line {entry.linenum}: {entry.msgid!r} → {text!r}"
                    for entry in _parsed_catalogue(code).translated_entries()
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
    return {old or new for old, new in NAMED_PLACEHOLDER.findall(text)}


def test_translations_add_no_markup():
    """A translation is put into pages unescaped where its message is."""
    tag = re.compile(r"</?(\w+)[^>]*>")

    with collect_failures() as failures:
        for code in CODES:
            with failures.case(code):
                wrong = [
                    f"line {entry.linenum}: {entry.msgid!r}"
                    for entry in _parsed_catalogue(code).translated_entries()
                    if set(tag.findall(entry.msgstr)) != set(tag.findall(entry.msgid))
                    and not entry.msgid_plural
                ]
                assert wrong == []


@release_check
@pytest.mark.parametrize("code", COMPLETE)
def test_translation_catalog_is_complete(code):
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


def test_public_translation_catalogs_exclude_staff_messages():
    """Messages of the admin are translated into the language of the staff only."""
    public = {message.key for message in all_messages() if not message.is_for_staff}

    with collect_failures() as failures:
        for code in COMPLETE:
            if code == STAFF_READ:
                continue
            with failures.case(code):
                entries = [entry for entry in _parsed_catalogue(code) if entry.msgid]
                keys = {(entry.msgctxt or "", entry.msgid) for entry in entries}
                assert keys - public == set()


@release_check
@pytest.mark.parametrize("code", COMPLETE)
def test_translation_catalog_has_no_fuzzy_entries(code):
    path = _catalogue(code)
    entries = polib.pofile(str(path)) if path.exists() else []

    assert [
        entry.msgid for entry in entries if entry.fuzzy and not entry.obsolete
    ] == []


def test_unreviewed_translation_catalog_is_marked_draft():
    with collect_failures() as failures:
        for code in LANGUAGES_BY_CODE:
            with failures.case(code):
                header = _parsed_catalogue(code).header
                is_draft = "not reviewed by a native speaker" in header
                assert is_draft is not LANGUAGES_BY_CODE[code].is_reviewed


def test_accessibility_statement_names_the_languages_to_be_reviewed():
    """Change the statement (templates/portal/accessibility.html) with the languages."""
    edited = {language.code for language in LANGUAGES if language.is_edited}
    reviewed = {language.code for language in LANGUAGES if language.is_reviewed}

    # "The menus and labels in Chinese and English still have to be reviewed …" and
    # "The menus and labels in all other languages are drafts …"
    assert edited == {"zh-hans", "zh-hant", "en"}
    assert reviewed == set()


def test_translation_catalogs_match_supported_languages():
    folders = {path.name for path in (ROOT / "locale").iterdir() if path.is_dir()}

    assert folders == {to_locale(code) for code, _name in settings.LANGUAGES}
