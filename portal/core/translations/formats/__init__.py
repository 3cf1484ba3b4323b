"""Formats of dates and times in the staff admin, by language; others are Django's."""
