"""Dates and times in English as on the public pages: day before month, 24 hours.

Django's own are those of the United States: ``12/01/2026, 4 p.m.`` is the first day of
December, and a reader in Asia takes it for the twelfth of January.
"""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
