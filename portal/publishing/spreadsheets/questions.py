"""Questions to the clerk about a file, answered before its rows are written."""

from collections.abc import Mapping
from dataclasses import dataclass

# By the key of a question, the value of the option that the clerk chose.
Answers = Mapping[str, str]

CODE_PAGE = "code_page"


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen; ``label`` is shown to the clerk."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """A question about one row of a file or about the whole file.

    ``key`` is the same each time the file is checked, so its answer is found again.
    """

    key: str
    text: str
    options: tuple[Option, ...]

    def answer(self, answers: Answers) -> str:
        """The chosen value, "" when there is none or it is no option any more."""
        value = answers.get(self.key, "")
        return value if value in {option.value for option in self.options} else ""


class NeedsAnswer(ValueError):
    """The file cannot be read further before ``questions`` are answered."""

    def __init__(self, questions: list[Question]):
        self.questions = questions
        super().__init__(questions[0].text)
