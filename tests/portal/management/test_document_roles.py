"""Table of roles in the staff guide."""

import pytest
from django.core.management import CommandError, call_command

from portal.management.commands import document_roles
from portal.management.commands.document_roles import replace_section, roles_table


def test_guide_role_table_is_up_to_date():
    call_command("document_roles", check=True)


def test_outdated_guide_role_table_is_detected(tmp_path, monkeypatch):
    guide = tmp_path / "guide.md"
    text = document_roles.GUIDE.read_text(encoding="utf-8")
    guide.write_text(text.replace("| Seminars |", "| Other |"), encoding="utf-8")
    monkeypatch.setattr(document_roles, "GUIDE", guide)

    with pytest.raises(CommandError, match="out of date"):
        call_command("document_roles", check=True)
    call_command("document_roles")
    call_command("document_roles", check=True)

    assert guide.read_text(encoding="utf-8") == text


def test_guide_without_markers_is_rejected():
    with pytest.raises(CommandError, match="must contain the markers"):
        replace_section("# A guide\n", "roles en", "told")


def test_role_table_has_row_per_model_and_column_per_role():
    heading, _line, *rows = roles_table("en").splitlines()

    assert heading.count("|") == 9
    assert {row.count("|") for row in rows} == {9}
    (people,) = [row for row in rows if row.startswith("| People |")]
    assert people == (
        "| People | – | – | – | view, add, change, delete, delete personal data "
        "| – | – | – |"
    )
