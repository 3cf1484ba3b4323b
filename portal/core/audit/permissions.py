"""Role permissions for the audit log: view only, as entries are never changed."""

ROLE_PERMISSIONS = {
    "auditor": {
        "deed": "view",
    },
}
