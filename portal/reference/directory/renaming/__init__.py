"""Two-person approval for changes of names that public records use."""
