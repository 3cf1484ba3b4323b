"""OpenAPI for the portal's endpoints: problems are declared with every operation."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from portal.languages import BY_CODE


class ProblemSerializer(serializers.Serializer):
    """Problem details (RFC 9457)."""

    type = serializers.URLField(help_text="Always about:blank.")
    title = serializers.CharField(help_text="The phrase of the status.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable code of the problem.")
    detail = serializers.CharField(
        help_text="What is wrong and what to do, for people."
    )


LANGUAGE = OpenApiParameter(
    "lang",
    description=(
        "Language of the texts; without it Accept-Language decides, then English. "
        f"One of {', '.join(BY_CODE)}; aliases such as zh-TW or tl are understood."
    ),
)


class AgencyKeyScheme(OpenApiAuthenticationExtension):
    """The security scheme of agency keys."""

    # By name: the layers below accounts do not import it.
    target_class = "portal.accounts.authentication.AgencyKeyAuthentication"
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


class RecordSchema(AutoSchema):
    """Adds ``lang`` and the problem responses that every endpoint can give."""

    def get_auth(self):
        """A key may be sent and need not be."""
        return [*super().get_auth(), {}]

    def get_override_parameters(self):
        return [*super().get_override_parameters(), LANGUAGE]

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
