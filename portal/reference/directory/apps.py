from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "portal.reference.directory"
    label = "directory"
    verbose_name = _("directory")

    def load_public_names(self, keys):
        """Return names for the search index; see ``collect_names`` of the catalogue."""
        from portal.reference.directory.search_names import public_names

        return public_names(keys)
