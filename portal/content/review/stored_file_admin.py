"""Staff admin of stored files, which open proposals may refer to."""

from portal.content.review.proposal_references import find_records_with_proposals_using
from portal.core.files.admin import BaseStoredFileAdmin
from portal.core.files.usage import get_usages


class StoredFileAdmin(BaseStoredFileAdmin):
    """Admin of files; a file that an open proposal refers to cannot be deleted."""

    def get_usages(self, obj):
        return get_usages(obj, find_records_with_proposals_using(obj))
