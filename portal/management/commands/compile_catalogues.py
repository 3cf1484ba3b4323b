"""Compile locale/*/LC_MESSAGES/django.po to .mo, without gettext on the machine."""

import os
import re
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

NAMED_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}")


class Command(BaseCommand):
    help = (
        "Compiles the interface catalogues. One that is not complete is compiled with"
        " its header only: the interface is then wholly in English, never half in each."
    )
    # Catalogues come before everything else, the first migration included.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--check",
            action="store_true",
            help="fail on a catalogue that cannot be read or has wrong placeholders",
        )

    def handle(self, *args, check: bool, **options):
        incomplete = []
        for source in catalogue_paths():
            catalogue = read_catalogue(source)
            left = messages_left(catalogue)
            if left and source.parts[-3] != settings.LANGUAGE_CODE:
                incomplete.append(f"{source.parts[-3]} ({left} left)")
            if check:
                refuse_wrong_placeholders(catalogue, source)
            compiled = compiled_bytes(catalogue, header_only=bool(left))
            replace_if_changed(source.with_suffix(".mo"), compiled)
        if incomplete:
            self.stdout.write(
                f"Not complete, so shown in English: {', '.join(incomplete)}."
            )


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


def messages_left(catalogue: polib.POFile) -> int:
    """How many messages are untranslated or fuzzy; obsolete ones do not count."""
    return sum(not entry.obsolete and not entry.translated() for entry in catalogue)


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


def compiled_bytes(catalogue: polib.POFile, *, header_only: bool) -> bytes:
    if not header_only:
        return catalogue.to_binary()
    header = polib.POFile()
    header.metadata = catalogue.metadata
    return header.to_binary()


def replace_if_changed(target: Path, compiled: bytes) -> None:
    """Put the file in place in one step: a reader never meets half of it."""
    if target.is_file() and target.read_bytes() == compiled:
        return
    part = target.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(compiled)
    part.replace(target)
