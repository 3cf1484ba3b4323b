"""Renaming topics, places and parties that public records use: two people decide."""
