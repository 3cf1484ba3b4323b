"""Invented records for demonstrations and measurements, in twelve languages.

Nothing in these records is true. They are marked as samples wherever they are shown,
have codes and numbers outside the range of real records, and can be removed together.
"""
