"""Reference data: countries, organs, places, topics and persons."""
