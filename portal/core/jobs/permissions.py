"""Role permissions for background jobs."""

ROLE_PERMISSIONS = {
    "administrator": {
        "job": "delete view",
    },
}
