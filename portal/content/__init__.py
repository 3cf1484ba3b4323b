"""Publishing, review, import and export of records, and the public read model."""
