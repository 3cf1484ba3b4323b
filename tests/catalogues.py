"""Interface catalogues for tests: the portal's, with some translations removed."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path

import polib
from django.core.management import call_command
from django.utils.translation import to_locale

from tests.project.source_tree import ROOT

Key = tuple[str, str]


def write_catalogue(
    folder: Path,
    code: str,
    *,
    missing: Iterable[Key],
    instead: Callable[[str], str] | None = None,
) -> None:
    """Write the catalogue of a language into ``folder``, without ``missing`` messages.

    A message is a pair of its context ("" for none) and its msgid. The translation of a
    missing message is empty, or ``instead(msgid)`` if ``instead`` is given.
    """
    locale = to_locale(code)
    source = ROOT / "locale" / locale / "LC_MESSAGES" / "django.po"
    catalogue = polib.pofile(str(source))
    # Plural forms as in English, so that the same rule applies to both languages.
    catalogue.metadata["Plural-Forms"] = "nplurals=2; plural=(n != 1);"
    known = {(entry.msgctxt or "", entry.msgid) for entry in catalogue}
    for context, msgid in set(missing) - known:
        catalogue.append(polib.POEntry(msgid=msgid, msgctxt=context or None))
    for entry in catalogue:
        is_missing = (entry.msgctxt or "", entry.msgid) in missing
        if not entry.msgid_plural:
            entry.msgstr = _text(entry.msgid, entry.msgstr, is_missing, instead)
            continue
        known = entry.msgstr_plural[0]
        entry.msgstr_plural = {
            form: _text(text, known, is_missing, instead)
            for form, text in enumerate((entry.msgid, entry.msgid_plural))
        }
    path = folder / locale / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    catalogue.save(str(path))


def use_catalogues(settings, folder: Path) -> None:
    """Compile the catalogues in ``folder`` and use only these during the test."""
    settings.LOCALE_PATHS = [folder]
    call_command("compile_catalogues", stdout=io.StringIO())


def _text(msgid: str, known: str, is_missing: bool, instead) -> str:
    if not is_missing:
        return known
    return instead(msgid) if instead else ""
