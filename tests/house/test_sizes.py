"""Names of files and folders, and imports."""

import ast

from tests.house.tree import (
    APPS,
    TEMPLATES,
    functions,
    imported,
    name_of,
    parsed,
    python_files,
    template_files,
)

# Names that say nothing about what is in a file or folder.
DRAWERS = {"utils", "util", "common", "helpers", "helper", "services", "misc", "tools"}


def test_no_file_or_folder_is_a_drawer():
    paths = [*python_files(), *template_files()]
    names = {name_of(path) for path in paths if DRAWERS & _stems(path)}

    assert names == set()


def _stems(path) -> set[str]:
    return {part.rsplit(".", 1)[0].strip("_") for part in path.parts[-4:]}


def test_imports_are_absolute():
    relative = [
        f"{name_of(path)}:{line}"
        for path in python_files()
        for line, name in imported(path)
        if name.startswith(".")
    ]

    assert relative == []


def test_apps_import_inside_functions_only_with_a_reason():
    """``apps.py`` may: models can be imported only when the apps are ready."""
    inline = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files(*APPS)
        if path.name != "apps.py"
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and not _says_why(path, node.lineno)
    ]

    assert inline == []


def _says_why(path, line: int) -> bool:
    text = path.read_text(encoding="utf-8").splitlines()[line - 1]
    return "# noqa: PLC0415 " in text


def test_templates_lie_in_the_folder_of_an_app():
    folders = {path.relative_to(TEMPLATES).parts[0] for path in template_files()}
    known = {"admin", "api", "components", "portal", "conference", "directory"}
    known |= {"account", "mfa", "usersessions"}  # the names that allauth looks for
    errors = {f"{status}.html" for status in (400, 403, 404, 410, 500, 503)}

    assert folders - known - errors - set(APPS) - {"base.html"} == set()


def test_no_module_is_empty_but_for_packages():
    empty = [
        name_of(path)
        for path in python_files(*APPS)
        if path.name != "__init__.py" and not parsed(path).body
    ]

    assert empty == []
