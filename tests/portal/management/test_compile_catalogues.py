"""``compile_catalogues`` compiles translated messages and reports missing ones."""

import gettext
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)
COMPLETE = 'msgid "News"\nmsgstr "新闻"\n\nmsgid "%(n)s days"\nmsgstr "%(n)s天"\n'
# Entries without a translation, or with an incomplete one.
UNTRANSLATED = {
    "empty": 'msgid "Left"\nmsgstr ""\n',
    "fuzzy": '#, fuzzy\nmsgid "Left"\nmsgstr "剩下"\n',
    "no plural": 'msgid "Left"\nmsgid_plural "Lefts"\nmsgstr[0] ""\n',
    "one form less": 'msgid "Left"\nmsgid_plural "Lefts"\nmsgstr[0] "a"\n',
}
UNTRANSLATED["half a plural"] = UNTRANSLATED["one form less"] + 'msgstr[1] ""\n'


@pytest.fixture
def catalogue(settings, tmp_path) -> Path:
    settings.LOCALE_PATHS = [tmp_path]
    return path_in(tmp_path, "zh_Hans")


def path_in(folder: Path, locale: str) -> Path:
    path = folder / locale / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    return path


def translated(catalogue: Path, message: str) -> str:
    with catalogue.with_suffix(".mo").open("rb") as stream:
        return gettext.GNUTranslations(stream).gettext(message)


def test_complete_catalogue_is_compiled(catalogue, capsys):
    catalogue.write_text(HEADER + COMPLETE, encoding="utf-8")

    call_command("compile_catalogues", complete=True)

    assert translated(catalogue, "News") == "新闻"
    assert capsys.readouterr().out == ""
    assert not catalogue.with_name("missing.mo").exists()


@pytest.mark.parametrize("name", UNTRANSLATED)
def test_message_that_is_not_translated_is_left_out_by_itself(catalogue, name, capsys):
    header = HEADER
    if name in ("half a plural", "one form less"):
        header = HEADER.replace("nplurals=1; plural=0", "nplurals=2; plural=n!=1")
    catalogue.write_text(f"{header}{COMPLETE}\n{UNTRANSLATED[name]}", encoding="utf-8")

    call_command("compile_catalogues", check=True)

    compiled = polib.mofile(str(catalogue.with_suffix(".mo")))
    assert {entry.msgid for entry in compiled} == {"News", "%(n)s days"}
    assert translated(catalogue, "News") == "新闻"
    assert capsys.readouterr().out == "zh_Hans: 1 of 3 messages missing: “Left”\n"
    missing = polib.mofile(str(catalogue.with_name("missing.mo")))
    assert "Left" in {entry.msgid for entry in missing}


def test_only_the_first_missing_messages_are_listed(catalogue, capsys):
    untranslated = "\n".join(f'msgid "Left {n}"\nmsgstr ""\n' for n in range(9))
    catalogue.write_text(f"{HEADER}{COMPLETE}\n{untranslated}", encoding="utf-8")

    call_command("compile_catalogues")

    assert capsys.readouterr().out == (
        "zh_Hans: 9 of 11 messages missing: “Left 0”, “Left 1”, “Left 2”, …\n"
    )


def test_message_that_only_other_catalogues_list_is_missing(tmp_path, settings, capsys):
    settings.LOCALE_PATHS = [tmp_path]
    staff = 'msgid "Only staff"\nmsgstr "只有"\n'
    texts = {
        "en": HEADER + COMPLETE + staff,
        "vi": HEADER + 'msgid "News"\nmsgstr "Tin"\n',
        "th": HEADER + 'msgid "News"\nmsgstr "ข่าว"\n\nmsgid "New"\nmsgstr "ใหม่"\n',
    }
    for locale, text in texts.items():
        path_in(tmp_path, locale).write_text(text, encoding="utf-8")

    call_command("compile_catalogues")

    # A message shown only to staff is not expected in the Vietnamese catalogue.
    assert capsys.readouterr().out == "vi: 1 of 2 messages missing: “New”\n"


def test_release_needs_complete_catalogues(catalogue):
    catalogue.write_text(
        f"{HEADER}{COMPLETE}\n{UNTRANSLATED['empty']}", encoding="utf-8"
    )

    with pytest.raises(CommandError, match="zh_Hans: 1 of 3 messages missing"):
        call_command("compile_catalogues", complete=True)

    # The catalogue is compiled nevertheless.
    assert translated(catalogue, "News") == "新闻"


def test_list_of_missing_messages_goes_when_nothing_is_missing(catalogue):
    catalogue.write_text(
        f"{HEADER}{COMPLETE}\n{UNTRANSLATED['empty']}", encoding="utf-8"
    )
    call_command("compile_catalogues")
    assert catalogue.with_name("missing.mo").exists()

    catalogue.write_text(HEADER + COMPLETE, encoding="utf-8")
    call_command("compile_catalogues")

    assert not catalogue.with_name("missing.mo").exists()


def test_obsolete_messages_are_ignored(catalogue, capsys):
    obsolete = '#~ msgid "Old"\n#~ msgstr ""\n'
    catalogue.write_text(f"{HEADER}{COMPLETE}\n{obsolete}", encoding="utf-8")

    call_command("compile_catalogues", complete=True)

    assert translated(catalogue, "News") == "新闻"
    assert capsys.readouterr().out == ""


def test_unchanged_catalog_is_not_rewritten(catalogue):
    catalogue.write_text(
        f"{HEADER}{COMPLETE}\n{UNTRANSLATED['empty']}", encoding="utf-8"
    )
    compiled = [catalogue.with_name(name) for name in ("django.mo", "missing.mo")]
    call_command("compile_catalogues")
    before = [path.stat() for path in compiled]

    call_command("compile_catalogues")

    after = [path.stat() for path in compiled]
    assert [(stat.st_ino, stat.st_mtime_ns) for stat in after] == [
        (stat.st_ino, stat.st_mtime_ns) for stat in before
    ]
    assert sorted(path.name for path in catalogue.parent.iterdir()) == [
        "django.mo",
        "django.po",
        "missing.mo",
    ]


@pytest.mark.parametrize("translation", ["天", "%(m)s天", "%(n)s%(m)s天"])
def test_wrong_placeholder_fails_the_check(catalogue, translation):
    text = f'{HEADER}msgid "%(n)s days"\nmsgstr "{translation}"\n'
    catalogue.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match="differ from the placeholders"):
        call_command("compile_catalogues", check=True)


def test_plural_form_can_omit_number_placeholder(catalogue):
    entry = polib.POEntry(
        msgid="One day", msgid_plural="%(n)s days", msgstr_plural={0: "%(n)s天"}
    )
    catalogue.write_text(f"{HEADER}{entry}", encoding="utf-8")

    call_command("compile_catalogues", check=True)

    assert catalogue.with_suffix(".mo").exists()


def test_unreadable_catalog_is_reported_by_name(catalogue):
    catalogue.write_text('nonsense "', encoding="utf-8")

    with pytest.raises(CommandError, match=r"django\.po"):
        call_command("compile_catalogues")
