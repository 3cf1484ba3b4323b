"""Who may do what with the editions, papers, reports and pages of the Conference."""

RIGHTS = {
    "editor": {
        "edition": "add change delete view",
        "document": "add change delete view",
        "article": "add change delete view",
        "page": "add change delete view",
    },
    "translator": {
        "edition": "view translate",
        "document": "view translate",
        "article": "view translate",
        "page": "view translate",
    },
    "reviewer": {
        "edition": "view review",
        "document": "view review",
        "article": "view review",
        "page": "view review",
    },
    "liaison": {
        "document": "view",
    },
}
