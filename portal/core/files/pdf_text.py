"""Text of a PDF, read in the sandbox process because the file may be hostile.

PDFium uses the text that a file declares for its glyphs (/ActualText); otherwise Thai,
Lao, Khmer and Burmese would be extracted as unconnected signs.
"""

import pypdfium2

MAX_PAGES, MAX_CHARACTERS = 500, 500_000


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
