"""Base classes of the staff admin for records."""
