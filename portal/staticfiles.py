"""Static files of a portal whose files nobody has collected yet."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesOfAnyStart(CompressedManifestStaticFilesStorage):
    """Hashed names once `collectstatic` has run, the files' own names before.

    For local mode, where `migrate` and `runserver` are to be enough. In production a
    forgotten `collectstatic` has to be an error.
    """

    def stored_name(self, name):
        return super().stored_name(name) if self.hashed_files else name
