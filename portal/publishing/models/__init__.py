from portal.publishing.models.attachments import Attachment
from portal.publishing.models.dated import DatedRecord
from portal.publishing.models.error_reports import ErrorReport
from portal.publishing.models.publishable import Publishable, Stamped
from portal.publishing.models.redirects import Redirect
from portal.publishing.models.sequences import Counter
from portal.publishing.models.sources import EvidenceOnlyHost, Source

__all__ = [
    "Attachment",
    "Counter",
    "DatedRecord",
    "ErrorReport",
    "EvidenceOnlyHost",
    "Publishable",
    "Redirect",
    "Source",
    "Stamped",
]
