"""Who may read the sequence of public changes."""

RIGHTS = {
    "administrator": {
        "change": "view",
    },
}
