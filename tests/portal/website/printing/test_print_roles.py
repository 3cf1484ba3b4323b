"""Templates and the PDF agree on the values of ``data-print``."""

import re

from portal.website.printing.print_roles import PrintRole
from tests.project.source_tree import APPS, TEMPLATES, python_files


def _roles_by_file() -> dict[str, set[str]]:
    """Return the values of ``data-print`` in templates and in template tags."""
    tags = [path for path in python_files(*APPS) if "templatetags" in path.parts]
    return {
        path.name: {
            role
            for values in re.findall(r'data-print="([^"]*)"', path.read_text("utf-8"))
            for role in values.split()
        }
        for path in [*TEMPLATES.rglob("*.html"), *tags]
    }


def test_templates_use_only_roles_known_to_the_pdf():
    known = set(PrintRole)

    unknown = {name: roles - known for name, roles in _roles_by_file().items()}

    assert {name: roles for name, roles in unknown.items() if roles} == {}


def test_every_role_is_used_in_a_template():
    used = set().union(*_roles_by_file().values())

    assert set(PrintRole) - used == set()
