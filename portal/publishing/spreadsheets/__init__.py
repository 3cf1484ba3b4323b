"""Spreadsheets of the office in and out: read, check, write at once, undo, export."""
