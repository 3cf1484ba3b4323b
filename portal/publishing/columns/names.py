"""Keys by name: a clerk writes 越南 or Viet Nam where the record keeps VN."""

from django.db import models

from portal.publishing.columns.cells import model_of, plain

# The fields by which a row is known to people, where its model has them.
_NAMES = (
    "name_zh_hans",
    "name_en",
    "name_native",
    "name_local",
    "title_zh_hans",
    "title_en",
)


def folded(name: str) -> str:
    """``name`` without what people write in one way or the other."""
    return plain(name).casefold().replace(" ", "")


class Names:
    """Keys by the names of their rows, each table read once, when it is asked for.

    A name that two rows have is nobody's: the clerk has to write the key.
    """

    def __init__(self):
        self._known: dict[tuple[str, str], dict[str, str]] = {}

    def key(self, model: str, key: str, name: str) -> str:
        """The key of the row called ``name``; ``name`` itself when there is none."""
        if (model, key) not in self._known:
            self._known[model, key] = _names_of(model_of(model), key)
        return self._known[model, key].get(folded(name)) or name


def _names_of(model: type[models.Model], key: str) -> dict[str, str]:
    there = {field.name for field in model._meta.fields}
    names = [name for name in _NAMES if name in there]
    rows = list(models.QuerySet(model).values_list(key, *names))
    found: dict[str, str] = {}
    for row in rows:
        for name in filter(None, row[1:]):
            same = found.setdefault(folded(name), str(row[0]))
            if same != str(row[0]):
                found[folded(name)] = ""
    # A key, in whatever case it is written, goes before any name.
    return found | {folded(str(row[0])): str(row[0]) for row in rows}
