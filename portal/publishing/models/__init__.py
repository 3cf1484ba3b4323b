from portal.publishing.models.attachments import Attachment, Illustration
from portal.publishing.models.dated import DatedRecord
from portal.publishing.models.error_reports import ErrorReport
from portal.publishing.models.import_batches import (
    ImportBatch,
    ImportedFile,
    ImportedRow,
)
from portal.publishing.models.proposals import Contribution, Proposal
from portal.publishing.models.publishable import Publishable, Stamped
from portal.publishing.models.redirects import Redirect
from portal.publishing.models.sequences import Counter
from portal.publishing.models.sources import EvidenceOnlyHost, Source

__all__ = [
    "Attachment",
    "Contribution",
    "Counter",
    "DatedRecord",
    "ErrorReport",
    "EvidenceOnlyHost",
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
