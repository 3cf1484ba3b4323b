"""OpenAPI schema generation with language parameter and problem responses."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from portal.core.languages import LANGUAGES_BY_CODE


class ProblemSerializer(serializers.Serializer):
    """Problem details (RFC 9457)."""

    type = serializers.URLField(help_text="Always about:blank.")
    title = serializers.CharField(help_text="The phrase of the status.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable code of the problem.")
    detail = serializers.CharField(
        help_text="What is wrong and what to do, for people."
    )


LANGUAGE_PARAMETER = OpenApiParameter(
    "lang",
    description=(
        "Language of the texts; without it Accept-Language decides, then English. "
        f"One of {', '.join(LANGUAGES_BY_CODE)}; "
        "aliases such as zh-TW or tl are understood."
    ),
)


class AgencyKeyScheme(OpenApiAuthenticationExtension):
    """OpenAPI security scheme of API keys that are given to agencies."""

    # A dotted name, because this package must not import accounts.
    target_class = "portal.core.accounts.authentication.AgencyKeyAuthentication"
    name = "AgencyKey"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": (
                "Optional. “Api-Key ” and the key that the office gave to an agency. "
                "It opens the same public data as a request without a key."
            ),
        }


class PortalAutoSchema(AutoSchema):
    """Schema generator that adds ``lang`` and problem responses to each operation."""

    def get_auth(self):
        """Return the security schemes and an empty one: authentication is optional."""
        return [*super().get_auth(), {}]

    def get_override_parameters(self):
        return [*super().get_override_parameters(), LANGUAGE_PARAMETER]

    def _get_response_bodies(self, direction="response"):
        bodies = super()._get_response_bodies(direction)
        problems = {
            "400": "Bad parameter",
            "401": "Invalid key",
            "404": "Not found",
            "429": "Too many requests",
        }
        if "{" in self.path:
            problems["410"] = "Withdrawn"
        for status, description in problems.items():
            bodies[status] = {
                **self._get_response_for_code(
                    ProblemSerializer, status, ["application/problem+json"], direction
                ),
                "description": description,
            }
        return bodies
