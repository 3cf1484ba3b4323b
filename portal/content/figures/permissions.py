"""Permissions of each role on reported figures."""

ROLE_PERMISSIONS = {
    "editor": {
        "reportedfigure": "add change delete view",
    },
    "translator": {
        "reportedfigure": "view translate",
    },
    "reviewer": {
        "reportedfigure": "view review",
    },
}
