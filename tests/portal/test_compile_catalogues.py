"""An interface catalogue is compiled whole, or not at all."""

import gettext
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
WHOLE = 'msgid "News"\nmsgstr "新闻"\n\nmsgid "%(n)s days"\nmsgstr "%(n)s天"\n'


@pytest.fixture
def catalogue(settings, tmp_path) -> Path:
    settings.LOCALE_PATHS = [tmp_path]
    path = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    return path


def translated(catalogue: Path, message: str) -> str:
    with catalogue.with_suffix(".mo").open("rb") as stream:
        return gettext.GNUTranslations(stream).gettext(message)


def test_complete_catalogue_is_compiled(catalogue, capsys):
    catalogue.write_text(HEADER + WHOLE, encoding="utf-8")

    call_command("compile_catalogues")

    assert translated(catalogue, "News") == "新闻"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "left",
    ['msgid "Left"\nmsgstr ""\n', '#, fuzzy\nmsgid "Left"\nmsgstr "剩下"\n'],
)
def test_catalogue_with_a_message_left_is_compiled_empty(catalogue, left, capsys):
    catalogue.write_text(f"{HEADER}{WHOLE}\n{left}", encoding="utf-8")

    call_command("compile_catalogues")

    assert translated(catalogue, "News") == "News"
    assert capsys.readouterr().out == (
        "Not complete, so shown in English: zh_Hans (1 left).\n"
    )


def test_obsolete_message_does_not_count(catalogue):
    obsolete = '#~ msgid "Old"\n#~ msgstr ""\n'
    catalogue.write_text(f"{HEADER}{WHOLE}\n{obsolete}", encoding="utf-8")

    call_command("compile_catalogues")

    assert translated(catalogue, "News") == "新闻"


def test_file_that_did_not_change_is_left_alone(catalogue):
    catalogue.write_text(HEADER + WHOLE, encoding="utf-8")
    call_command("compile_catalogues")
    before = catalogue.with_suffix(".mo").stat()

    call_command("compile_catalogues")

    after = catalogue.with_suffix(".mo").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert sorted(path.name for path in catalogue.parent.iterdir()) == [
        "django.mo",
        "django.po",
    ]


@pytest.mark.parametrize("translation", ["天", "%(m)s天", "%(n)s%(m)s天"])
def test_wrong_placeholder_fails_the_check(catalogue, translation):
    text = f'{HEADER}msgid "%(n)s days"\nmsgstr "{translation}"\n'
    catalogue.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match="are not those of the message"):
        call_command("compile_catalogues", check=True)


def test_plural_form_may_leave_out_its_number(catalogue):
    entry = polib.POEntry(
        msgid="One day", msgid_plural="%(n)s days", msgstr_plural={0: "%(n)s天"}
    )
    catalogue.write_text(f"{HEADER}{entry}", encoding="utf-8")

    call_command("compile_catalogues", check=True)

    assert catalogue.with_suffix(".mo").exists()


def test_catalogue_that_cannot_be_read_is_named(catalogue):
    catalogue.write_text('nonsense "', encoding="utf-8")

    with pytest.raises(CommandError, match=r"django\.po"):
        call_command("compile_catalogues")
