"""Questions that the user has to answer before a file can be imported."""

from collections.abc import Mapping
from dataclasses import dataclass

# Values of the chosen options by question key.
Answers = Mapping[str, str]

CODE_PAGE = "code_page"


@dataclass(frozen=True)
class Option:
    """Possible answer to a question; ``label`` is its display text."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """Question about a row or about the whole file.

    ``key`` is the same at each check of the file, so that a stored answer still
    applies. A question that ``is_about_file`` is kept on the page after it is answered.
    ``subject`` is the heading of the column that the question is about, "" for other
    questions. ``suggested`` is the value that is chosen unless the user changes it, and
    ``hint`` a text that helps to answer.
    """

    key: str
    text: str
    options: tuple[Option, ...]
    is_about_file: bool = False
    subject: str = ""
    suggested: str = ""
    hint: str = ""

    def answer(self, answers: Answers) -> str:
        """Return the chosen value, "" if none was chosen or it is no longer offered."""
        value = answers.get(self.key, "")
        return value if value in {option.value for option in self.options} else ""


class NeedsAnswer(ValueError):
    """Raised when reading cannot continue until ``questions`` are answered."""

    def __init__(self, questions: list[Question]):
        self.questions = questions
        super().__init__(questions[0].text)
