import pytest

from portal.core.languages import LANGUAGES, LANGUAGES_BY_CODE
from portal.core.translations.weeks import territory, weekdays

MONDAY, SUNDAY = 0, 6


@pytest.mark.parametrize(
    ("code", "first", "short_name", "name"),
    [
        ("zh-hans", MONDAY, "周一", "星期一"),
        ("zh-hant", SUNDAY, "週日", "星期日"),
        ("en", MONDAY, "Mon", "Monday"),
        ("vi", MONDAY, "Th 2", "Thứ Hai"),
        ("th", SUNDAY, "อา.", "วันอาทิตย์"),
        ("lo", SUNDAY, "ອາທິດ", "ວັນອາທິດ"),
        ("km", SUNDAY, "អាទិត្យ", "អាទិត្យ"),
        ("my", SUNDAY, "တနင်္ဂနွေ", "တနင်္ဂနွေ"),
        ("id", SUNDAY, "Min", "Minggu"),
        ("ms", MONDAY, "Isn", "Isnin"),
        ("fil", SUNDAY, "Lin", "Linggo"),
        ("pt", SUNDAY, "domingo", "domingo"),
    ],
)
def test_first_weekday_follows_language_territory(code, first, short_name, name):
    days = weekdays(LANGUAGES_BY_CODE[code])

    assert (days[0].number, days[0].short, days[0].name) == (first, short_name, name)
    assert [day.number for day in days] == [(first + step) % 7 for step in range(7)]
    assert len({day.name for day in days}) == 7


def test_each_language_has_territory():
    codes = " ".join(territory(language) for language in LANGUAGES)

    assert codes == "CN HK GB VN TH LA KH MM ID MY PH PT"
