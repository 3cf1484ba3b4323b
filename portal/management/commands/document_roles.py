"""Writes what each role may do into the staff guide, or checks that it is still so."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.accounts.choices import InterfaceLanguage, Role
from portal.accounts.roles import may_do, rights

GUIDE = Path(settings.BASE_DIR) / "docs" / "staff-guide.md"


class Command(BaseCommand):
    help = "Write the roles into docs/staff-guide.md; with --check fail if out of date."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, check, **options):
        before = text = GUIDE.read_text(encoding="utf-8")
        for language in InterfaceLanguage:
            text = put(text, f"roles {language.value}", table(language.value))
        if not check:
            GUIDE.write_text(text, encoding="utf-8")
        elif text != before:
            message = (
                "docs/staff-guide.md is out of date. Run manage.py document_roles."
            )
            raise CommandError(message)


def put(text: str, name: str, told: str) -> str:
    """``text`` with ``told`` between the two marks of ``name``."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise CommandError(f"docs/staff-guide.md needs the marks of “{name}” once.")
    head, rest = text.split(begin)
    return f"{head}{begin}\n{told}\n{end}{rest.split(end)[1]}"


def table(language: str) -> str:
    """Lists down, roles across, in Markdown and in the words of ``language``."""
    with translation.override(language):
        return "".join(f"| {' | '.join(row)} |\n" for row in _rows())


def _rows() -> Iterator[list[str]]:
    yield [capfirst(_("list")), *(capfirst(str(role.label)) for role in Role)]
    yield ["---"] * (1 + len(Role))
    actions = _actions()
    for model in dict.fromkeys(right.model for right in rights()):
        held = may_do(model)
        cells = (_told(held.get(role, ()), actions) for role in Role)
        yield [capfirst(str(model._meta.verbose_name_plural)), *cells]


def _told(held: tuple[str, ...], actions: dict[str, str]) -> str:
    return ", ".join(word for action, word in actions.items() if action in held) or "–"


def _actions() -> dict[str, str]:
    return {
        "view": pgettext("right", "see"),
        "add": pgettext("right", "add"),
        "change": pgettext("right", "change"),
        "delete": pgettext("right", "delete"),
        "translate": pgettext("right", "translate"),
        "review": pgettext("right", "review"),
        "erase": pgettext("right", "erase"),
    }
