"""Who may do what with figures that others reported."""

RIGHTS = {
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
