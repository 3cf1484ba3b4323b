"""A program of its own: the text of a PDF from standard input to standard output.

Run apart from the portal and with limits, because the file may be hostile.
PDFium reads what a file says its glyphs stand for (/ActualText); without that, Thai,
Lao, Khmer and Burmese come out as loose signs.
"""

import resource
import sys

import pypdfium2

PAGES, CHARACTERS = 500, 500_000
_SECONDS, _BYTES = 10, 1_500_000_000


def limit() -> None:
    """Let the system end this program when it takes too much."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def text_of(content: bytes) -> str:
    """The text of the first PAGES pages, cut off at CHARACTERS."""
    document, texts, length = pypdfium2.PdfDocument(content), [], 0
    for number in range(min(len(document), PAGES)):
        try:
            text = document[number].get_textpage().get_text_range()
        except pypdfium2.PdfiumError:
            continue  # One bad page does not hide the others.
        # PDFium's sign for a hyphen at the end of a line within a word.
        text = text.replace("\ufffe\r\n", "").replace("\r\n", "\n")
        texts.append(text.replace("\0", ""))
        length += len(text)
        if length > CHARACTERS:
            break
    return "\n\n".join(texts)[:CHARACTERS]


if __name__ == "__main__":
    limit()
    sys.stdout.buffer.write(text_of(sys.stdin.buffer.read()).encode("utf-8", "ignore"))
