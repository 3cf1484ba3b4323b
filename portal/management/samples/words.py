"""What samples say: short sentences in each language, put together by chance.

``texts/<language>.json`` holds them; ``{s}`` stands for a subject, ``{c}`` a country,
``{n}`` a number, ``{y}`` a year. No native speaker has read them.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

from modeltranslation.utils import build_localized_fieldname

from portal.languages import BY_CODE
from portal.management.samples.scene import Land

_TEXTS = Path(__file__).parent / "texts"
# Topic of the record → position of the subject that says the same.
TOPICS = (
    "cybercrime",
    "human-trafficking",
    "transnational-crime",
    "mutual-legal-assistance",
    "asset-recovery",
    "corruption",
    "money-laundering",
    "environment",
    "digital-prosecution",
    "extradition",
    "legal-education",
    "border-cooperation",
    "information-sharing",
    "public-interest-litigation",
    "organised-crime",
    "environment",
)
# Some subjects are common, others rare, as words are.
_WEIGHTS = [1 / position for position in range(1, len(TOPICS) + 1)]
_SENTENCES = 8
Columns = dict[str, str | None]
_NO_SPACE = {"zh-hans", "zh-hant"}


@cache
def said_in(code: str) -> dict:
    return json.loads((_TEXTS / f"{code}.json").read_text(encoding="utf-8"))


class Writer:
    """Writes the texts of one sample, in the languages that chance gives it.

    ``is_named``: it needs its title in simplified Chinese or English.
    """

    def __init__(self, chance: Random, land: Land, *, is_named: bool = True):
        self.chance, self.land = chance, land
        self.subject = chance.choices(range(len(TOPICS)), _WEIGHTS)[0]
        self.languages = _languages(chance, is_named=is_named)

    @property
    def topics(self) -> list[str]:
        other = self.chance.choice(TOPICS)
        one = TOPICS[self.subject]
        return [one] if other == one or self.chance.random() < 0.6 else [one, other]

    def text(self, field: str, phrase: str, **values) -> Columns:
        """``phrase`` in each language, as values of the columns of ``field``."""
        return self._columns(
            field,
            lambda code: said_in(code)[phrase].format(**self._words(code), **values),
        )

    def subjects(self, field: str) -> Columns:
        return self._columns(field, lambda code: self._words(code)["s"])

    def running(self, field: str, sentences: int, *, joint: str = "") -> Columns:
        """So many sentences, the same ones in every language.

        ``joint`` stands between them; by default what the language puts there.
        """
        chosen = self.chance.sample(range(_SENTENCES), min(sentences, _SENTENCES))
        return self._columns(
            field,
            lambda code: (joint or _space(code)).join(
                said_in(code)["sentences"][one].format(**self._words(code))
                for one in chosen
            ),
        )

    def _columns(self, field: str, said: Callable[[str], str]) -> Columns:
        # Languages that have none are named too: Django looks for no default then.
        return {
            _column(field, code): said(code) if code in self.languages else None
            for code in BY_CODE
        }

    def _words(self, code: str) -> dict[str, str]:
        subject = said_in(code)["subjects"][self.subject]
        return {"s": subject, "c": self.land.named(code)}


def _space(code: str) -> str:
    return "" if code in _NO_SPACE else " "


@cache
def _column(field: str, code: str) -> str:
    return build_localized_fieldname(field, code)


def _languages(chance: Random, *, is_named: bool) -> list[str]:
    """All twelve, the two of the office, one alone, or one of those and some more."""
    draw = chance.random()
    if draw < 0.25:
        return list(BY_CODE)
    if draw < 0.5:
        return ["zh-hans", "en"]
    main = chance.choice(["zh-hans", "en"])
    others = [code for code in BY_CODE if code != main]
    if draw < 0.75:
        return [main if is_named else chance.choice([main, *others])]
    return [main, *chance.sample(others, chance.randint(1, 4))]
