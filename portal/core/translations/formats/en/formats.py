"""Formats of English dates and times in the staff admin, in the style of GOV.UK.

Public pages format dates by CLDR (``portal.core.translations.dates``) and write days
alike. The names are those that Django looks up; what is missing is as in Django.
"""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
