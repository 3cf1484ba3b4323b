"""Generator of random sample texts from short sentences in each language.

The sentences are in ``texts/<language>.json``. Their placeholders are ``{s}`` for a
subject, ``{c}`` for a country, ``{n}`` for a number and ``{y}`` for a year. No native
speaker has reviewed the sentences.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

from modeltranslation.utils import build_localized_fieldname

from portal.core.languages import LANGUAGES_BY_CODE
from portal.samples.context import SampleCountry

_TEXTS = Path(__file__).parent / "texts"
# Topic key of each subject, in the order of the subjects in ``texts/<language>.json``.
SUBJECT_TOPICS = (
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
# Zipf's law: a few subjects are frequent, most are rare.
_WEIGHTS = [1 / position for position in range(1, len(SUBJECT_TOPICS) + 1)]
_SENTENCE_COUNT = 8
Columns = dict[str, str | None]
_LANGUAGES_WITHOUT_SPACES = {"zh-hans", "zh-hant"}


@cache
def load_phrases(code: str) -> dict:
    return json.loads((_TEXTS / f"{code}.json").read_text(encoding="utf-8"))


class TextGenerator:
    """Generator of the texts of one sample, in randomly chosen languages.

    With ``is_named`` the languages include simplified Chinese or English, as models
    with a required title demand.
    """

    def __init__(self, rng: Random, country: SampleCountry, *, is_named: bool = True):
        self.rng, self.country = rng, country
        self.subject = rng.choices(range(len(SUBJECT_TOPICS)), _WEIGHTS)[0]
        self.languages = _random_languages(rng, is_named=is_named)

    @property
    def topics(self) -> list[str]:
        other_topic = self.rng.choice(SUBJECT_TOPICS)
        main_topic = SUBJECT_TOPICS[self.subject]
        return (
            [main_topic]
            if other_topic == main_topic or self.rng.random() < 0.6
            else [main_topic, other_topic]
        )

    def phrase(self, field: str, key: str, **values) -> Columns:
        """Return the phrase ``key`` in each language, as values of columns.

        ``key`` is a key of the JSON file; ``values`` fill its placeholders. ``field``
        is the translated field whose columns get the text.
        """
        return self._columns(
            field,
            lambda code: load_phrases(code)[key].format(
                **self._placeholders(code), **values
            ),
        )

    def subjects(self, field: str) -> Columns:
        return self._columns(field, lambda code: self._placeholders(code)["s"])

    def paragraph(self, field: str, sentences: int, *, separator: str = "") -> Columns:
        """Return random sentences, the same in each language, as values of columns.

        ``separator`` joins the sentences; by default it is a space, or nothing in
        Chinese. ``field`` is the translated field whose columns get the text.
        """
        indexes = self.rng.sample(
            range(_SENTENCE_COUNT), min(sentences, _SENTENCE_COUNT)
        )
        return self._columns(
            field,
            lambda code: (separator or _sentence_separator(code)).join(
                load_phrases(code)["sentences"][index].format(
                    **self._placeholders(code)
                )
                for index in indexes
            ),
        )

    def _columns(self, field: str, text_in: Callable[[str], str]) -> Columns:
        # Columns of other languages are None, so that Django computes no field default.
        return {
            _column_name(field, code): text_in(code) if code in self.languages else None
            for code in LANGUAGES_BY_CODE
        }

    def _placeholders(self, code: str) -> dict[str, str]:
        subject = load_phrases(code)["subjects"][self.subject]
        return {"s": subject, "c": self.country.name_in(code)}


def _sentence_separator(code: str) -> str:
    return "" if code in _LANGUAGES_WITHOUT_SPACES else " "


@cache
def _column_name(field: str, code: str) -> str:
    return build_localized_fieldname(field, code)


def _random_languages(rng: Random, *, is_named: bool) -> list[str]:
    """Return random language codes: all, the two staff languages, one, or several.

    With ``is_named`` the result always has simplified Chinese or English.
    """
    share = rng.random()
    if share < 0.25:
        return list(LANGUAGES_BY_CODE)
    if share < 0.5:
        return ["zh-hans", "en"]
    main = rng.choice(["zh-hans", "en"])
    other_languages = [code for code in LANGUAGES_BY_CODE if code != main]
    if share < 0.75:
        return [main if is_named else rng.choice([main, *other_languages])]
    return [main, *rng.sample(other_languages, rng.randint(1, 4))]
