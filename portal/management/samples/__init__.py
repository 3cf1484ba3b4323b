"""Invented records for demonstrations and measurements, in twelve languages.

Nothing in them is true. They are marked as samples wherever they are shown, stand
apart from the record by code and number, and go as a whole.
"""
