from portal.content.publishing.models.attachments import Attachment, Illustration
from portal.content.publishing.models.dated_record import DatedRecord
from portal.content.publishing.models.error_reports import ErrorReport
from portal.content.publishing.models.heading_mappings import HeadingMapping
from portal.content.publishing.models.import_batches import (
    ImportBatch,
    ImportedFile,
    ImportedRow,
)
from portal.content.publishing.models.proposals import Contribution, Proposal
from portal.content.publishing.models.publishable import Publishable, Stamped
from portal.content.publishing.models.redirects import Redirect
from portal.content.publishing.models.sequences import Counter
from portal.content.publishing.models.sources import EvidenceOnlyHost, Source

__all__ = [
    "Attachment",
    "Contribution",
    "Counter",
    "DatedRecord",
    "ErrorReport",
    "EvidenceOnlyHost",
    "HeadingMapping",
    "Illustration",
    "ImportBatch",
    "ImportedFile",
    "ImportedRow",
    "Proposal",
    "Publishable",
    "Redirect",
    "Source",
    "Stamped",
]
