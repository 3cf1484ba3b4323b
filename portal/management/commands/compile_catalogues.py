"""Compile locale/*/LC_MESSAGES/django.po to .mo files, without the gettext tools."""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import to_locale

from portal.core.accounts.choices import InterfaceLanguage
from portal.core.translations.interface_language import MISSING_DOMAIN

# Locale of the source messages; its .po file needs no translations.
SOURCE_LOCALE = to_locale(settings.LANGUAGE_CODE)
# Locales of staff, whose .po files also contain the messages of the admin.
STAFF_LOCALES = {to_locale(code) for code in InterfaceLanguage.values}
# Maximum number of missing messages that are listed per locale.
MAX_LISTED = 3
NAMED_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}")


class Command(BaseCommand):
    help = (
        "Compile the .po files of the interface. A message that is not translated in "
        "all plural forms is left out and shown in English."
    )
    # No system checks: the command also runs before the first migration.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--check",
            action="store_true",
            help="fail on a .po file that cannot be read or has wrong placeholders",
        )
        parser.add_argument(
            "--complete",
            action="store_true",
            help="fail if a .po file lacks translations; used before a release",
        )

    def handle(self, *args, check: bool, complete: bool, **options):
        catalogues = {path: read_po_file(path) for path in po_file_paths()}
        incomplete = []
        for path, catalogue in catalogues.items():
            if check:
                check_placeholders(catalogue, path)
            messages = expected_messages(catalogues, path)
            missing = missing_messages(catalogue, messages.values())
            if get_locale(path) == SOURCE_LOCALE:
                missing = []
            write_compiled(path, catalogue, missing)
            if missing:
                incomplete.append(summary(get_locale(path), missing, len(messages)))
        if incomplete and complete:
            raise CommandError("\n".join(incomplete))
        for line in incomplete:
            self.stdout.write(self.style.WARNING(line))


def po_file_paths() -> list[Path]:
    return sorted(
        path
        for folder in settings.LOCALE_PATHS
        for path in Path(folder).glob("*/LC_MESSAGES/django.po")
    )


def read_po_file(source: Path) -> polib.POFile:
    try:
        return polib.pofile(str(source), check_for_duplicates=True)
    except (OSError, ValueError) as error:
        message = f"{source}: {error}"
        raise CommandError(message) from error


def get_locale(path: Path) -> str:
    return path.parts[-3]


def expected_messages(
    catalogues: Mapping[Path, polib.POFile], path: Path
) -> dict[tuple[str, str], polib.POEntry]:
    """Return the messages that the .po file at ``path`` should have.

    Keys are (context, msgid). The messages of a public locale are those of all public
    locales, the messages of a staff locale those of all locales. So a .po file that was
    not updated with the others is reported as incomplete.
    """
    is_for_staff = get_locale(path) in STAFF_LOCALES
    return {
        (entry.msgctxt or "", entry.msgid): entry
        for other, catalogue in catalogues.items()
        if is_for_staff or get_locale(other) not in STAFF_LOCALES
        for entry in catalogue
        if not entry.obsolete
    }


def missing_messages(
    catalogue: polib.POFile, messages: Iterable[polib.POEntry]
) -> list[polib.POEntry]:
    """Return the ``messages`` that ``catalogue`` does not translate completely."""
    translated = {
        (entry.msgctxt or "", entry.msgid) for entry in translated_entries(catalogue)
    }
    return [
        entry
        for entry in messages
        if (entry.msgctxt or "", entry.msgid) not in translated
    ]


def translated_entries(catalogue: polib.POFile) -> list[polib.POEntry]:
    """Return the entries with a translation in all plural forms that is not fuzzy."""
    forms = plural_forms(catalogue)
    return [
        entry
        for entry in catalogue.translated_entries()
        if not entry.msgid_plural or len(entry.msgstr_plural) >= forms
    ]


def plural_forms(catalogue: polib.POFile) -> int:
    match = re.search(
        r"nplurals\s*=\s*(\d+)", catalogue.metadata.get("Plural-Forms", "")
    )
    return int(match[1]) if match else 1


def summary(locale: str, missing: list[polib.POEntry], total: int) -> str:
    """Return a line that lists the first missing messages of a locale.

    Example: ``vi: 12 of 980 messages missing: “News”, “Search”, “Home”, …``
    """
    listed = ", ".join(f"“{entry.msgid}”" for entry in missing[:MAX_LISTED])
    ellipsis = ", …" if len(missing) > MAX_LISTED else ""
    return f"{locale}: {len(missing)} of {total} messages missing: {listed}{ellipsis}"


def check_placeholders(catalogue: polib.POFile, source: Path) -> None:
    """Raise CommandError if a translation has other placeholders than its message.

    A missing or misspelt placeholder would break the pages that use the message.
    """
    for entry in catalogue.translated_entries():
        texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
        # A plural form may write the number as a word, so it may omit placeholders.
        expected = placeholder_names(entry.msgid) | placeholder_names(
            entry.msgid_plural
        )
        for text in texts:
            used = placeholder_names(text)
            if used - expected or (not entry.msgid_plural and used != expected):
                message = (
                    f"{source}, line {entry.linenum}: the placeholders {sorted(used)}"
                    " of the translation differ from the placeholders"
                    f" {sorted(expected)} of the message: {entry.msgid!r}"
                )
                raise CommandError(message)


def placeholder_names(text: str) -> set[str]:
    return {old or new for old, new in NAMED_PLACEHOLDER.findall(text)}


def write_compiled(
    source: Path, catalogue: polib.POFile, missing: list[polib.POEntry]
) -> None:
    """Write the .mo file of a .po file, and a second .mo file of its missing messages.

    The second file is deleted if no message is missing.
    """
    translated = translated_entries(catalogue)
    replace_if_changed(source.with_suffix(".mo"), compiled(catalogue, translated))
    target = source.with_name(f"{MISSING_DOMAIN}.mo")
    if missing:
        replace_if_changed(
            target, compiled(catalogue, untranslated(missing, translated))
        )
    else:
        target.unlink(missing_ok=True)


def untranslated(
    missing: Iterable[polib.POEntry], translated: Iterable[polib.POEntry]
) -> list[polib.POEntry]:
    """Return entries without context that map each text of ``missing`` to itself.

    A text that is also the translation of another message is left out, because such a
    text on a page is in the language of the .po file.
    """
    texts = {text for entry in missing for text in (entry.msgid, entry.msgid_plural)}
    for entry in translated:
        texts -= {entry.msgstr, *entry.msgstr_plural.values()}
    return [polib.POEntry(msgid=text, msgstr=text) for text in sorted(texts - {""})]


def compiled(catalogue: polib.POFile, entries: Iterable[polib.POEntry]) -> bytes:
    """Return a .mo file as bytes: ``entries`` under the header of ``catalogue``."""
    part = polib.POFile()
    part.metadata = catalogue.metadata
    part.extend(entries)
    return part.to_binary()


def replace_if_changed(target: Path, compiled: bytes) -> None:
    """Write the file atomically, so that no process reads an incomplete file.

    A file that already has these bytes is not written.
    """
    if target.is_file() and target.read_bytes() == compiled:
        return
    part = target.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(compiled)
    part.replace(target)
