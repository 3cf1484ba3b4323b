"""Pages of countries, organs and topics."""
