"""Project-wide settings of Django REST framework and drf-spectacular for the API.

The settings module imports them and adds values from environment variables.
"""

REST_FRAMEWORK_DEFAULTS = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.core.accounts.authentication.AgencyKeyAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.core.api.permissions.DenyAll"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "portal.core.api.pagination.RecordCursorPagination",
    "DEFAULT_SCHEMA_CLASS": "portal.core.api.schema.PortalAutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["portal.core.api.throttles.PublicAPIThrottle"],
    "EXCEPTION_HANDLER": "portal.core.api.errors.problem_exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "PAGE_SIZE": 50,
}
# For SPECTACULAR_SETTINGS, read by drf-spectacular.
OPENAPI_SETTINGS = {
    "TITLE": "China-ASEAN Prosecutors-General Conference: public record",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "ENUM_NAME_OVERRIDES": {
        "PrecisionEnum": "portal.content.publishing.choices.Precision",
        "EventStateEnum": "portal.content.publishing.choices.EventState",
        "TextBasisEnum": "portal.content.publishing.choices.TextBasis",
        "OfficeRankEnum": "portal.conference.choices.OfficeRank",
        "MechanismStateEnum": "exchanges.choices.MechanismState",
        "ActionStateEnum": "exchanges.choices.ActionState",
    },
}
