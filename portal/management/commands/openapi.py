"""Writes the API's contract, or checks that the committed one is still true."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from portal.api.views import CONTRACT


class Command(BaseCommand):
    help = "Write portal/api/openapi.json; with --check fail when it is out of date."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, check, **options):
        # Its descriptions are messages: they must not follow whoever runs this.
        with translation.override(settings.LANGUAGE_CODE):
            schema = SchemaGenerator().get_schema(request=None, public=True)
        validate_schema(schema)
        text = json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=False) + "\n"
        if not check:
            CONTRACT.write_text(text, encoding="utf-8")
        elif CONTRACT.read_text(encoding="utf-8") != text:
            message = "portal/api/openapi.json is out of date. Run “make schema”."
            raise CommandError(message)
