"""Names of files and folders, and how modules import."""

import ast

from tests.project.source_tree import (
    APPS,
    TEMPLATES,
    functions,
    imported,
    name_of,
    parsed,
    python_files,
    template_files,
)

# Names that do not describe what a file or folder contains.
DRAWERS = {"utils", "util", "common", "helpers", "helper", "services", "misc", "tools"}


def test_no_generic_module_names():
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


def test_local_imports_state_a_reason():
    """Except in ``apps.py``: models can be imported only when the apps are ready."""
    inline = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files(*APPS)
        if path.name != "apps.py"
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and not _has_reason(path, node.lineno)
    ]

    assert inline == []


def _has_reason(path, line: int) -> bool:
    text = path.read_text(encoding="utf-8").splitlines()[line - 1]
    return "# noqa: PLC0415 " in text


def test_templates_are_in_app_directories():
    folders = {path.relative_to(TEMPLATES).parts[0] for path in template_files()}
    known = {"admin", "api", "components", "portal", "conference", "directory"}
    known |= {"account", "mfa", "usersessions"}  # folder names of allauth
    errors = {f"{status}.html" for status in (400, 403, 404, 410, 500, 503)}
    errors.add("403_csrf.html")

    assert folders - known - errors - set(APPS) - {"base.html"} == set()


def test_only_package_init_modules_are_empty():
    empty = [
        name_of(path)
        for path in python_files(*APPS)
        if path.name != "__init__.py" and not parsed(path).body
    ]

    assert empty == []
