from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "portal.core.files"
    label = "files"
    verbose_name = _("files")

    def ready(self):
        from portal.core.files.checks import check_local_database, check_stored_files

        checks.register(check_stored_files)
        checks.register(check_local_database)
