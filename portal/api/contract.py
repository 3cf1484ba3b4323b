"""What the frameworks are told of the API as a whole; read by the settings."""

REST = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.accounts.authentication.AgencyKeyAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.permissions.Denied"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "portal.api.paging.RecordCursor",
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.RecordSchema",
    "DEFAULT_THROTTLE_CLASSES": ["portal.api.throttles.ReaderThrottle"],
    "EXCEPTION_HANDLER": "portal.api.errors.problem_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "PAGE_SIZE": 50,
}
# drf-spectacular's.
CONTRACT = {
    "TITLE": "China-ASEAN Prosecutors-General Conference: public record",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "ENUM_NAME_OVERRIDES": {
        "PrecisionEnum": "portal.publishing.choices.Precision",
        "EventStateEnum": "portal.publishing.choices.EventState",
        "MechanismStateEnum": "exchanges.choices.MechanismState",
        "ActionStateEnum": "exchanges.choices.ActionState",
    },
}
