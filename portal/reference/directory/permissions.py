"""Permissions of each role on countries, organs and shared names.

A change of a shared name affects all records that refer to it: editors may add names,
only administrators may change them. If a published record refers to the name, a
reviewer must approve the change (see the package ``renaming``).
"""

ROLE_PERMISSIONS = {
    "editor": {
        "country": "add change delete view",
        "organ": "add change delete view",
        "place": "add delete view",
        "topic": "add delete view",
        "namedparty": "add delete view",
    },
    "translator": {
        "country": "view translate",
        "organ": "view translate",
        "place": "view",
        "topic": "view",
        "namedparty": "view",
    },
    "reviewer": {
        "country": "view review",
        "organ": "view review",
        "namechange": "view review",
        "place": "view",
        "topic": "view",
        "namedparty": "view",
    },
    "registrar": {
        "country": "view",
        "organ": "view",
        "place": "view",
        "topic": "view",
        "namedparty": "view",
    },
    "liaison": {
        "country": "view",
        "organ": "view",
        "place": "add view",
        "topic": "view",
        "namedparty": "add view",
    },
    "administrator": {
        "country": "view",
        "organ": "view",
        "namechange": "view",
        "place": "add change delete view",
        "topic": "add change delete view",
        "namedparty": "add change delete view",
    },
}
