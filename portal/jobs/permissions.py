"""Who may look after the jobs."""

RIGHTS = {
    "administrator": {
        "job": "delete view",
    },
}
