"""Compile locale/*/LC_MESSAGES/django.po to .mo, without gettext on the machine."""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import to_locale

from portal.accounts.choices import InterfaceLanguage
from portal.translations.interface import MISSING_DOMAIN

# The language of the messages themselves: its entries stay empty.
SOURCE_LOCALE = to_locale(settings.LANGUAGE_CODE)
# Their catalogues have the messages of the admin too.
STAFF_LOCALES = {to_locale(code) for code in InterfaceLanguage.values}
# How many missing messages are listed for each language.
MOST_LISTED = 3
NAMED_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}")


class Command(BaseCommand):
    help = (
        "Compiles the interface catalogues. A message without a translation, or without"
        " one of its plural forms, is left out and shown in English."
    )
    # Catalogues come before everything else, the first migration included.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--check",
            action="store_true",
            help="fail on a catalogue that cannot be read or has wrong placeholders",
        )
        parser.add_argument(
            "--complete",
            action="store_true",
            help="fail if a catalogue lacks messages, as before a release",
        )

    def handle(self, *args, check: bool, complete: bool, **options):
        catalogues = {path: read_catalogue(path) for path in catalogue_paths()}
        incomplete = []
        for path, catalogue in catalogues.items():
            if check:
                refuse_wrong_placeholders(catalogue, path)
            messages = expected_messages(catalogues, path)
            missing = missing_messages(catalogue, messages.values())
            if locale_of(path) == SOURCE_LOCALE:
                missing = []
            write_compiled(path, catalogue, missing)
            if missing:
                incomplete.append(summary(locale_of(path), missing, len(messages)))
        if incomplete and complete:
            raise CommandError("\n".join(incomplete))
        for line in incomplete:
            self.stdout.write(self.style.WARNING(line))


def catalogue_paths() -> list[Path]:
    return sorted(
        path
        for folder in settings.LOCALE_PATHS
        for path in Path(folder).glob("*/LC_MESSAGES/django.po")
    )


def read_catalogue(source: Path) -> polib.POFile:
    try:
        return polib.pofile(str(source), check_for_duplicates=True)
    except (OSError, ValueError) as error:
        message = f"{source}: {error}"
        raise CommandError(message) from error


def locale_of(path: Path) -> str:
    return path.parts[-3]


def expected_messages(
    catalogues: Mapping[Path, polib.POFile], path: Path
) -> dict[tuple[str, str], polib.POEntry]:
    """The messages that the catalogue at ``path`` should have, by context and msgid.

    They are those of all catalogues for the same readers, so a catalogue that was not
    updated with the others lacks what it does not list.
    """
    is_for_staff = locale_of(path) in STAFF_LOCALES
    return {
        (entry.msgctxt or "", entry.msgid): entry
        for other, catalogue in catalogues.items()
        if is_for_staff or locale_of(other) not in STAFF_LOCALES
        for entry in catalogue
        if not entry.obsolete
    }


def missing_messages(
    catalogue: polib.POFile, messages: Iterable[polib.POEntry]
) -> list[polib.POEntry]:
    """Those of ``messages`` that ``catalogue`` has no complete translation of."""
    translated = {
        (entry.msgctxt or "", entry.msgid) for entry in translated_entries(catalogue)
    }
    return [
        entry
        for entry in messages
        if (entry.msgctxt or "", entry.msgid) not in translated
    ]


def translated_entries(catalogue: polib.POFile) -> list[polib.POEntry]:
    """The entries with a translation that is not fuzzy, in all plural forms."""
    forms = plural_forms(catalogue)
    return [
        entry
        for entry in catalogue.translated_entries()
        if not entry.msgid_plural or len(entry.msgstr_plural) >= forms
    ]


def plural_forms(catalogue: polib.POFile) -> int:
    found = re.search(
        r"nplurals\s*=\s*(\d+)", catalogue.metadata.get("Plural-Forms", "")
    )
    return int(found[1]) if found else 1


def summary(locale: str, missing: list[polib.POEntry], total: int) -> str:
    """``vi: 12 of 980 messages missing: “News”, “Search”, “Home”, …``"""
    shown = ", ".join(f"“{entry.msgid}”" for entry in missing[:MOST_LISTED])
    rest = ", …" if len(missing) > MOST_LISTED else ""
    return f"{locale}: {len(missing)} of {total} messages missing: {shown}{rest}"


def refuse_wrong_placeholders(catalogue: polib.POFile, source: Path) -> None:
    """A placeholder dropped or misspelt in a translation breaks the page."""
    for entry in catalogue.translated_entries():
        texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
        # A plural form may say "one" in words, so each form needs only known names.
        known = names_in(entry.msgid) | names_in(entry.msgid_plural)
        for text in texts:
            used = names_in(text)
            if used - known or (not entry.msgid_plural and used != known):
                message = (
                    f"{source}, line {entry.linenum}: the placeholders of the"
                    f" translation {sorted(used)} are not those of the message"
                    f" {sorted(known)}: {entry.msgid!r}"
                )
                raise CommandError(message)


def names_in(text: str) -> set[str]:
    return {old or new for old, new in NAMED_PLACEHOLDER.findall(text)}


def write_compiled(
    source: Path, catalogue: polib.POFile, missing: list[polib.POEntry]
) -> None:
    """Write the compiled catalogue, and a second file of the messages that it lacks."""
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
    """The texts of ``missing``, each as its own translation, without contexts.

    A text that is also the translation of another message is left out, because it is in
    the language of the catalogue.
    """
    texts = {text for entry in missing for text in (entry.msgid, entry.msgid_plural)}
    for entry in translated:
        texts -= {entry.msgstr, *entry.msgstr_plural.values()}
    return [polib.POEntry(msgid=text, msgstr=text) for text in sorted(texts - {""})]


def compiled(catalogue: polib.POFile, entries: Iterable[polib.POEntry]) -> bytes:
    """``entries`` as a .mo file with the header of ``catalogue``."""
    part = polib.POFile()
    part.metadata = catalogue.metadata
    part.extend(entries)
    return part.to_binary()


def replace_if_changed(target: Path, compiled: bytes) -> None:
    """Put the file in place in one step: a reader never meets half of it."""
    if target.is_file() and target.read_bytes() == compiled:
        return
    part = target.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(compiled)
    part.replace(target)
