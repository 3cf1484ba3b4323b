"""Pages of countries and organs."""
