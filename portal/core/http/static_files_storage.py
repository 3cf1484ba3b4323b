"""Storages of static files: stylesheets are joined when the files are collected."""

import posixpath
import re
from collections.abc import Callable

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = re.compile(r'^@import "(\w+\.css)";\n', re.MULTILINE)


class JoinedStylesheetsStorage(CompressedManifestStaticFilesStorage):
    """Replace ``@import`` in the portal's stylesheets by the imported files.

    A browser then makes one request. Without `collectstatic` it follows the imports.
    Imported files are in the folder of the stylesheet, so their URLs stay valid.
    """

    stylesheets = ("portal/css/portal.css", "portal/css/staff.css")

    def post_process(self, paths, dry_run=False, **options):
        """Join the stylesheets, then hash and compress all files."""
        if not dry_run:
            paths = {**paths, **self._join_stylesheets(paths)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _join_stylesheets(self, paths) -> dict:
        """Write the joined stylesheets to this storage; return their new paths.

        ``paths`` and the result contain the storage and the path of each source file.
        """

        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                return file.read().decode("utf-8")

        joined = {}
        for name in filter(paths.__contains__, self.stylesheets):
            css = join_stylesheet(name, read)
            self.delete(name)
            joined[name] = self, self.save(name, ContentFile(css.encode("utf-8")))
        return joined


def join_stylesheet(name: str, read: Callable[[str], str]) -> str:
    """Return a stylesheet with the files that it imports, in their order.

    ``read`` returns the text of a file by its name.
    """
    folder = posixpath.dirname(name)
    return _IMPORT.sub(lambda match: read(posixpath.join(folder, match[1])), read(name))


class OptionalManifestStaticFilesStorage(JoinedStylesheetsStorage):
    """Use hashed file names if `collectstatic` has run, otherwise the original names.

    For local mode, in which `migrate` and `runserver` are sufficient. Not for
    production, where a missing `collectstatic` must be an error.
    """

    def stored_name(self, name):
        return super().stored_name(name) if self.hashed_files else name
