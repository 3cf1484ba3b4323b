"""Permissions of each role on editions, documents, articles and pages."""

ROLE_PERMISSIONS = {
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
