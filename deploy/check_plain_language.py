"""Check names, docstrings, comments and docs for words of the project's former dialect.

``make check`` runs it. No Python name of the product or of a test module may contain
one of the words below, apart from stored identifiers, migrations and the names of test
functions, which are sentences. Of 1,000 words in docstrings, comments and docs, at most
one may be a phrase of the list. The check is an indicator only: it cannot see whether a
sentence is clear.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = (*sorted(path.parent.name for path in ROOT.glob("*/apps.py")), "deploy")
# Words of a name, which is split at "_" and before capital letters.
WORDS = {
    "anew",
    "apart",
    "asked",
    "beside",
    "deed",
    "deeds",
    "desk",
    "door",
    "drawn",
    "found",
    "house",
    "lookalike",
    "nobody",
    "one",
    "roof",
    "said",
    "somebody",
    "stands",
    "told",
    "verb",
    "wanted",
    "whoever",
}
# Names that are stored, belong to Django or another library, or mean the word itself.
ALLOWED = {
    "Deed",  # model of the audit log
    "asked_at",
    "deed",  # its related names and addresses
    "one",
    "page_not_found",  # Django's name of the view
    "verb",  # stored field of an audit entry
    "wanted",  # stored field of a proposal
}
PHRASES = re.compile(
    r"\b(anew|anyone who|as long as|at hand|beside|by itself|deeds?|desk|door|"
    r"four eyes|hand(?:ed)? over|is meant|nobody|roof|said|so many|stands?|the house|"
    r"told|wherever|whoever|without further ado)\b",
    re.IGNORECASE,
)
MAX_PHRASES_PER_1000_WORDS = 1.0


def main() -> int:
    """Print what is wrong; return the exit code."""
    problems = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in (*_product_files(), *_test_files())
        for line, name in _dialect_names(path)
    ]
    words = phrases = 0
    for text in _texts():
        words += len(text.split())
        phrases += len(PHRASES.findall(text))
    rate = 1000 * phrases / words
    if rate > MAX_PHRASES_PER_1000_WORDS:
        problems.append(f"{phrases} phrases in {words} words: {rate:.2f} per 1,000")
    for problem in problems:
        print(problem)
    print(
        f"plain language: {len(problems)} problems, {rate:.2f} phrases per 1,000 words"
    )
    return 1 if problems else 0


def _product_files() -> Iterator[Path]:
    for folder in PRODUCT:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts and path != Path(__file__).resolve():
                yield path


def _test_files() -> Iterator[Path]:
    yield from sorted((ROOT / "tests").rglob("*.py"))


def _dialect_names(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and name of each function, class, argument and variable to rename."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            name = node.name
        elif isinstance(node, ast.arg):
            name = node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            name = node.id
        else:
            continue
        if name.startswith("test_"):
            continue
        parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")
        if name not in ALLOWED and WORDS.intersection(parts):
            yield node.lineno, name


def _texts() -> Iterator[str]:
    for path in _product_files():
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
                yield ast.get_docstring(node) or ""
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield token.string
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        yield path.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
