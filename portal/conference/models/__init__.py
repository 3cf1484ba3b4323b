from portal.conference.models.articles import Article
from portal.conference.models.documents import Document, Paragraph
from portal.conference.models.editions import Edition, EditionDelegation
from portal.conference.models.pages import Page

__all__ = [
    "Article",
    "Document",
    "Edition",
    "EditionDelegation",
    "Page",
    "Paragraph",
]
