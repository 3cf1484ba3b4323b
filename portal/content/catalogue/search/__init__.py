"""Full-text search over the catalogue.

Tokens, folding and scores are the same on SQLite and PostgreSQL.
"""
