"""`make messages` changes only what changed in the code."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from tests.project.source_tree import APPS, ROOT

COPIED = [*APPS, "templates", "locale", "deploy", "manage.py", "pyproject.toml"]
# Those of the staff, and of those of the public one whose plural has one form and one
# whose plural has two; the command treats all of the public's alike.
LOCALES = {"en", "zh_Hans", "vi", "fil"}
NEW = ["Quite a new message", "Seminars on record of the test", "A new message"]


@pytest.fixture
def project(tmp_path) -> Path:
    """A copy of the code and of the catalogues of a few languages."""
    ignored = shutil.ignore_patterns("__pycache__", "*.mo")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=ignored)
        else:
            shutil.copy(source, tmp_path / name)
    for folder in (tmp_path / "locale").iterdir():
        if folder.name not in LOCALES:
            shutil.rmtree(folder)
    return tmp_path


def collect(project: Path) -> dict[str, str]:
    """Run the command and return the catalogues by locale."""
    environment = {
        "PATH": os.environ["PATH"],
        "PORTAL_MODE": "local",
        "DATABASE_URL": "sqlite://:memory:",
        "REDIS_URL": "",
    }
    run = subprocess.run(
        [sys.executable, "deploy/make_messages.py"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    paths = project.glob("locale/*/LC_MESSAGES/django.po")
    return {path.parts[-3]: path.read_text(encoding="utf-8") for path in paths}


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs gettext")
def test_new_messages_change_no_other_line(project):
    """What a run without new messages changes, this run would change too."""
    before = collect(project)
    code = project / "seminars" / "views.py"
    calls = "".join(f"_({text!r})\n" for text in NEW)
    # Lines move, and a message is used in a file that comes before all others.
    code.write_text(f"\n\n\n{code.read_text()}\n{calls}", encoding="utf-8")
    first = project / "delegations" / "choices.py"
    first.write_text(f'{first.read_text()}\n_("Search")\n', encoding="utf-8")

    after = collect(project)

    assert after.keys() == before.keys() == LOCALES
    entries = [f'\nmsgid "{text}"\nmsgstr ""\n' for text in NEW]
    for locale, text in after.items():
        remaining = text
        for entry in entries:
            assert remaining.count(entry) == 1, locale
            remaining = remaining.replace(entry, "")
        assert remaining == before[locale], locale
    # No translation is guessed from a similar message.
    catalogue = polib.pofile(after["vi"])
    assert not any(entry.fuzzy for entry in catalogue)


def test_catalogues_have_the_form_in_which_the_tool_writes_them():
    for path in sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po")):
        text = path.read_text(encoding="utf-8")
        catalogue = polib.pofile(text, wrapwidth=0)
        keys = [(entry.msgid, entry.msgctxt or "") for entry in catalogue]

        assert keys == sorted(keys), path
        assert str(catalogue) == text, path
        assert "\n#: " not in text, path
        assert "POT-Creation-Date" not in text, path
