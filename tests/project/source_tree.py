"""The source files of the project, for tests that read the code."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = tuple(sorted(path.parent.name for path in ROOT.glob("*/apps.py")))
TEMPLATES = ROOT / "templates"


def python_files(*folders: str) -> list[Path]:
    """Return the project's Python files in ``folders``, or all; without migrations."""
    paths = [ROOT / "manage.py"] if not folders else []
    for folder in folders or (*APPS, "deploy", "tests"):
        paths += (ROOT / folder).rglob("*.py")
    return sorted(path for path in paths if "migrations" not in path.parts)


def template_files() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.is_file())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of each import in the file, at any depth."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")
