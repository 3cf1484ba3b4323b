"""Write the permissions of each role into the staff guide, or check them there."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.core.accounts.choices import InterfaceLanguage, Role
from portal.core.accounts.roles import get_actions_by_role, get_role_permissions

GUIDE = Path(settings.BASE_DIR) / "docs" / "staff-guide.md"


class Command(BaseCommand):
    help = "Write the roles into docs/staff-guide.md; with --check fail if out of date."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, check, **options):
        before = text = GUIDE.read_text(encoding="utf-8")
        for language in InterfaceLanguage:
            text = replace_section(
                text, f"roles {language.value}", roles_table(language.value)
            )
        if not check:
            GUIDE.write_text(text, encoding="utf-8")
        elif text != before:
            message = (
                "docs/staff-guide.md is out of date. Run manage.py document_roles."
            )
            raise CommandError(message)


def replace_section(text: str, name: str, content: str) -> str:
    """Replace the section ``name`` of ``text`` by ``content``; return the new text.

    A section is between two HTML comments. Raises CommandError unless both comments
    occur exactly once.
    """
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        message = (
            f"docs/staff-guide.md must contain the markers of “{name}” exactly once."
        )
        raise CommandError(message)
    head, tail = text.split(begin)
    return f"{head}{begin}\n{content}\n{end}{tail.split(end)[1]}"


def roles_table(language: str) -> str:
    """Return a Markdown table in ``language``: models as rows, roles as columns."""
    with translation.override(language):
        return "".join(f"| {' | '.join(row)} |\n" for row in _table_rows())


def _table_rows() -> Iterator[list[str]]:
    yield [capfirst(_("list")), *(capfirst(str(role.label)) for role in Role)]
    yield ["---"] * (1 + len(Role))
    actions = _actions()
    for model in dict.fromkeys(right.model for right in get_role_permissions()):
        actions_by_role = get_actions_by_role(model)
        cells = (
            _allowed_actions(actions_by_role.get(role, ()), actions) for role in Role
        )
        yield [capfirst(str(model._meta.verbose_name_plural)), *cells]


def _allowed_actions(allowed: tuple[str, ...], actions: dict[str, str]) -> str:
    return (
        ", ".join(label for action, label in actions.items() if action in allowed)
        or "–"
    )


def _actions() -> dict[str, str]:
    return {
        "view": pgettext("right", "view"),
        "add": pgettext("right", "add"),
        "change": pgettext("right", "change"),
        "delete": pgettext("right", "delete"),
        "translate": pgettext("right", "translate"),
        "review": pgettext("right", "review"),
        "erase": pgettext("right", "delete personal data"),
    }
