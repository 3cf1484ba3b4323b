"""Import and export of staff spreadsheets: reading, planning, writing, undo."""
