from portal.conference.choices import DocumentKind
from portal.conference.models import (
    Article,
    Document,
    Edition,
    EditionDelegation,
    Page,
    Paragraph,
)
from tests.factories import made, numbered
from tests.factories.directory import any_country


def edition(number=None, **values) -> Edition:
    number = number or numbered(Edition)
    return made(
        Edition, **{"number": number, "theme_en": f"Sample theme {number}", **values}
    )


def edition_delegation(edition: Edition, **values) -> EditionDelegation:
    if "country" not in values:
        values["country"] = any_country()
    office = "Sample Prosecutor General"
    return made(
        EditionDelegation, edition=edition, **{"head_office_en": office, **values}
    )


def document(code=None, **values) -> Document:
    code = code or f"DOC-{numbered(Document):04}"
    defaults = {
        "document_kind": DocumentKind.JOINT_STATEMENT,
        "title_en": f"Sample Joint Statement {code}",
    }
    return made(Document, **{"code": code, **defaults, **values})


def paragraph(document: Document, number=1, **values) -> Paragraph:
    text = f"Sample paragraph {number}."
    return made(
        Paragraph, document=document, number=number, **{"text_en": text, **values}
    )


def article(slug=None, **values) -> Article:
    slug = slug or f"sample-article-{numbered(Article)}"
    return made(Article, **{"slug": slug, "title_en": f"Sample {slug}", **values})


def page(slug=None, **values) -> Page:
    slug = slug or f"sample-page-{numbered(Page)}"
    return made(Page, **{"slug": slug, "title_en": f"Sample {slug}", **values})
