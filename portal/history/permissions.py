"""Who may read the whole history; nobody may do more."""

RIGHTS = {
    "auditor": {
        "deed": "view",
    },
}
