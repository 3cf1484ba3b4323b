"""Facts that the house counts, each declared by its app in ``figures.py``."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.catalogue.registry import kind_of
from portal.figures.choices import Measure


@dataclass(frozen=True)
class Fact:
    """Something countable: the catalogue entries of one ``kind`` with fixed ``words``.

    ``words`` are list filters (``{"scope": "prosecutors"}``). ``definition`` says in
    sentences what is counted, what is left out and why.
    """

    code: str
    label: str
    definition: str
    kind: str
    words: Mapping[str, str] = field(default_factory=dict)
    measure: Measure = Measure.RECORDS

    @property
    def fixed(self) -> dict[str, str]:
        """Its words, and that what did not take place is left out."""
        knows_done = "done" in kind_of(self.kind).filters
        return {**self.words, "done": "yes"} if knows_done else dict(self.words)

    @property
    def kinds(self) -> dict[str, str]:
        """Labels by code of the kinds that its records are told apart by, or none."""
        kind = kind_of(self.kind)
        choices = kind.choices.get("kind") if "kind" in kind.filters else None
        return {code: str(label) for code, label in choices.choices} if choices else {}


_facts: dict[str, Fact] = {}


def register(fact: Fact) -> None:
    """Make ``fact`` known to the house; a code is registered once."""
    if _facts.setdefault(fact.code, fact) is not fact:
        message = f"Two facts are declared by the code {fact.code!r}."
        raise ValueError(message)


def facts() -> list[Fact]:
    """All facts, in the order of INSTALLED_APPS."""
    return list(_facts.values())
