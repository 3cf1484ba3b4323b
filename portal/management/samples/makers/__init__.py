"""How a sample of each kind is made: (sample, scene) → an unsaved draft."""

from portal.management.samples.makers import (
    conference,
    delegations,
    directory,
    exchanges,
    figures,
    seminars,
)

MAKERS = {
    "organ": directory.organ,
    "edition": conference.edition,
    "document": conference.document,
    "mechanism": exchanges.mechanism,
    "meeting": exchanges.meeting,
    "visit": delegations.visit,
    "seminar": seminars.seminar,
    "figure": figures.figure,
    "article": conference.article,
    "page": conference.page,
}
