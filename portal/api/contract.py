"""What drf-spectacular is told of the API as a whole; read by the settings."""

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
