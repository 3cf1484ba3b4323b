"""The table of roles in the staff guide."""

import pytest
from django.core.management import CommandError, call_command

from portal.management.commands import document_roles
from portal.management.commands.document_roles import put, table


def test_guide_tells_the_roles_as_they_are():
    call_command("document_roles", check=True)


def test_guide_that_tells_other_roles_is_found_out(tmp_path, monkeypatch):
    guide = tmp_path / "guide.md"
    told = document_roles.GUIDE.read_text(encoding="utf-8")
    guide.write_text(told.replace("| Seminars |", "| Other |"), encoding="utf-8")
    monkeypatch.setattr(document_roles, "GUIDE", guide)

    with pytest.raises(CommandError, match="out of date"):
        call_command("document_roles", check=True)
    call_command("document_roles")
    call_command("document_roles", check=True)

    assert guide.read_text(encoding="utf-8") == told


def test_guide_without_marks_is_refused():
    with pytest.raises(CommandError, match="needs the marks"):
        put("# A guide\n", "roles en", "told")


def test_each_list_has_a_row_and_each_role_a_column():
    heading, _line, *rows = table("en").splitlines()

    assert heading.count("|") == 9
    assert {row.count("|") for row in rows} == {9}
    (people,) = [row for row in rows if row.startswith("| People |")]
    assert people == (
        "| People | – | – | – | see, add, change, delete, erase | – | – | – |"
    )
