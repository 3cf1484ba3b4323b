"""Storage of static files that also works before `collectstatic` has run."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class OptionalManifestStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Use hashed file names if `collectstatic` has run, otherwise the original names.

    For local mode, in which `migrate` and `runserver` are sufficient. Not for
    production, where a missing `collectstatic` must be an error.
    """

    def stored_name(self, name):
        return super().stored_name(name) if self.hashed_files else name
