"""Write the OpenAPI schema of the API, or check that the committed file is current."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from portal.core.api.views import OPENAPI_FILE


class Command(BaseCommand):
    help = (
        "Write portal/core/api/openapi.json; with --check fail when it is out of date."
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, check, **options):
        # Descriptions are translatable; the output must not depend on the locale.
        with translation.override(settings.LANGUAGE_CODE):
            schema = SchemaGenerator().get_schema(request=None, public=True)
        validate_schema(schema)
        text = json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=False) + "\n"
        if not check:
            OPENAPI_FILE.write_text(text, encoding="utf-8")
        elif OPENAPI_FILE.read_text(encoding="utf-8") != text:
            message = "portal/core/api/openapi.json is out of date. Run “make schema”."
            raise CommandError(message)
