"""Functions that build the samples of each kind.

A builder takes a sample and the context and returns an unsaved ``NewRecord``.
"""

from portal.samples.builders import (
    conference,
    delegations,
    directory,
    exchanges,
    figures,
    seminars,
)

BUILDERS = {
    "organ": directory.build_organ,
    "edition": conference.build_edition,
    "document": conference.build_document,
    "mechanism": exchanges.build_mechanism,
    "meeting": exchanges.build_meeting,
    "visit": delegations.build_visit,
    "seminar": seminars.build_seminar,
    "figure": figures.build_figure,
    "article": conference.build_article,
    "page": conference.build_page,
}
