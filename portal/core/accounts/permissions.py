"""Role permissions for user accounts, the sign-in log, agencies and API keys."""

ROLE_PERMISSIONS = {
    "administrator": {
        "user": "add change view",
        "signin": "view",
        "agency": "add change delete view",
        "agencykey": "add change view",
    },
}
