"""Script that writes the text of a PDF from standard input to standard output.

It runs in a subprocess with resource limits, because the file may be hostile. PDFium
uses the text that a file declares for its glyphs (/ActualText); otherwise Thai, Lao,
Khmer and Burmese would be extracted as unconnected signs.
"""

import resource
import sys

import pypdfium2

MAX_PAGES, MAX_CHARACTERS = 500, 500_000
_MAX_CPU_SECONDS, _MAX_MEMORY_BYTES = 10, 1_500_000_000


def set_resource_limits() -> None:
    """Limit CPU time and memory of this process, and forbid writing to files."""
    resource.setrlimit(resource.RLIMIT_CPU, (_MAX_CPU_SECONDS, _MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY_BYTES, _MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def read_pdf_text(content: bytes) -> str:
    """Return the text of the first MAX_PAGES pages, at most MAX_CHARACTERS long.

    Pages that cannot be read are skipped.
    """
    document, texts, length = pypdfium2.PdfDocument(content), [], 0
    for number in range(min(len(document), MAX_PAGES)):
        try:
            text = document[number].get_textpage().get_text_range()
        except pypdfium2.PdfiumError:
            continue  # Keep the text of the other pages.
        # PDFium marks a word that is hyphenated at the end of a line with U+FFFE.
        text = text.replace("\ufffe\r\n", "").replace("\r\n", "\n")
        texts.append(text.replace("\0", ""))
        length += len(text)
        if length > MAX_CHARACTERS:
            break
    return "\n\n".join(texts)[:MAX_CHARACTERS]


if __name__ == "__main__":
    set_resource_limits()
    sys.stdout.buffer.write(
        read_pdf_text(sys.stdin.buffer.read()).encode("utf-8", "ignore")
    )
