"""Form fields for text, days and times that staff enter."""
