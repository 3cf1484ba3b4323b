"""Sheets may refer to a record by any of its names in any spelling."""

import csv
import unicodedata

import pytest

from portal.content.publishing.models import ImportBatch
from portal.content.spreadsheets.columns.name_index import NameIndex
from portal.management.commands.load_record import RECORD
from tests.admin_forms import write_button
from tests.factories import directory
from tests.portal.content.spreadsheets.import_helpers import checked, permitted, xlsx_of
from tests.portal.content.spreadsheets.test_admin import ADD, send, upload

pytestmark = pytest.mark.django_db
__all__ = ["send"]

COUNTRIES = {
    "CN": "China|中国|中國|中华人民共和国|PRC|P.R. China|CHN|People’s Republic of China"
    "|the People's Republic of China|จีน|Trung Quốc|Tiongkok|ประเทศจีน",
    "VN": "Vietnam|Viet Nam|Viet-Nam|VIET NAM|Việt Nam|VIỆT NAM|Viêt Nam|越南|VNM|vn|"
    "Ｖｉｅｔ　Ｎａｍ|เวียดนาม|ຫວຽດນາມ|越南社會主義共和國"
    "|Socialist Republic of Viet Nam",
    "TH": "ไทย|ประเทศไทย|Thailand|Kingdom of Thailand|the Kingdom of Thailand|泰國|THA|"
    "Thai Lan|Siam|ราชอาณาจักรไทย",
    "LA": "Lao PDR|Lao P.D.R.|Lao People's Democratic Republic|LAO|老撾|ລາວ|ສປປ ລາວ|"
    "Lào|寮國|Laos",
    "MM": "Burma|緬甸|缅甸|Myanmar|MMR|Republic of the Union of Myanmar|မြန်မာ"
    "|မြန်မာနိုင်ငံ|พม่า|Miến Điện",
    "KH": "Kampuchea|Campuchia|Cam-pu-chia|Kingdom of Cambodia|កម្ពុជា|KHM|柬埔寨王国",
    "TL": "Timor Leste|Timor-Leste|East Timor|东帝汶|東帝汶|TLS|Democratic Republic of "
    "Timor-Leste|TIMOR‑LESTE",
    "BN": "Brunei Darussalam|Negara Brunei Darussalam|汶萊|BRN",
    "ID": "RI|Republic of Indonesia|Republik Indonesia|印尼|IDN|Indonésia",
    "PH": "the Philippines|Pilipinas|Republic of Philippines|PHL|菲律賓",
    "SG": "Republic of Singapore|Singapura|SGP|สิงคโปร์",
    "MY": "Malaysia|馬來西亞|MYS|มาเลเซีย",
}


@pytest.fixture
def recorded():
    """Create the countries of the record files with their names in all languages."""
    with (RECORD / "countries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = {name: row[name] for name in row if name.startswith("name_")}
            names["name_ind"] = names.pop("name_id")
            directory.country(row["iso2"], **names)


def _organs(names: list[str], column: str = "country_iso2", **extra_columns) -> bytes:
    """Build a sheet of organs, one for each value of ``column`` in ``names``."""
    head = ("organ_key", "name_en", "level", column, *extra_columns)
    rows = [
        (f"sample-{number}", "Sample", "national", name, *extra_columns.values())
        for number, name in enumerate(names)
    ]
    return xlsx_of(head, *rows)


def _remedies(sheet: bytes) -> list[str]:
    return [error[-1] for error in checked(sheet, "organs").errors]


def test_country_is_named_by_codes_and_names_in_all_languages(recorded, client, send):
    client.force_login(permitted("directory.add_organ", "directory.change_organ"))
    written = [(iso2, name) for iso2 in COUNTRIES for name in _of(iso2)]
    written += [(iso2, unicodedata.normalize("NFD", name)) for iso2, name in written]
    sheet = _organs([name for _iso2, name in written])

    response = send(ADD, **upload(sheet, name="organs.xlsx", code="organs"))
    batch = ImportBatch.objects.get()
    assert batch.errors == []
    send(response["Location"], **write_button(client, response["Location"]))

    organs = directory.Organ.objects.in_bulk(field_name="key")
    codes = [organs[f"sample-{n}"].country.iso2 for n in range(len(written))]
    assert codes == [iso2 for iso2, _name in written]


def _of(iso2: str) -> list[str]:
    return COUNTRIES[iso2].split("|")


def test_place_is_named_by_its_names_and_former_names():
    directory.country("CN")
    vietnam = directory.country("VN")
    directory.place("nanning", name_en="Nanning", name_zh_hans="南宁")
    directory.place(
        "ho-chi-minh-city", country=vietnam, name_local="Thành phố Hồ Chí Minh"
    )
    names = ["南宁", "南寧", "南宁市", "南寧市", "Nam Ninh", "นครหนานหนิง", "NANNING"]
    former = ["Saigon", "Sài Gòn", "西貢", "TP. Hồ Chí Minh", "TP.HCM"]
    sheet = _organs(names + former, "place_key", country_iso2="VN")

    batch = checked(sheet, "organs")

    assert batch.errors == []
    lookup = NameIndex()
    keys = [lookup.find_key("directory.Place", "key", name) for name in names + former]
    assert keys == ["nanning"] * len(names) + ["ho-chi-minh-city"] * len(former)


def test_organ_and_topic_are_named_in_every_language_they_have():
    vietnam = directory.country("VN")
    directory.organ(
        "vn-spp",
        country=vietnam,
        name_en="Supreme People's Procuracy of Viet Nam",
        name_zh_hans="越南最高人民检察院",
        name_th="สำนักงานอัยการประชาชนสูงสุดแห่งเวียดนาม",
        name_native="Viện kiểm sát nhân dân tối cao",
    )
    directory.topic("asset-recovery", name_en="Asset recovery", name_zh_hans="资产追回")
    names = NameIndex()

    organs = [
        names.find_key("directory.Organ", "key", written)
        for written in (
            "VIỆN KIỂM SÁT NHÂN DÂN TỐI CAO",
            "vien kiem sat nhan dan toi cao",
            "สำนักงานอัยการประชาชนสูงสุดแห่งเวียดนาม",
            "สํานักงานอัยการประชาชนสูงสุดแห่งเวียดนาม",
            "越南最高人民檢察院",
            "The Supreme People’s Procuracy of Vietnam",
            "VKSNDTC",
        )
    ]
    topic = names.find_key("directory.Topic", "key", "資產追回")

    assert set(organs) == {"vn-spp"}
    assert topic == "asset-recovery"


def test_thai_and_lao_names_that_differ_in_a_tone_are_different_names():
    directory.place("one", name_local="ข่าว")
    directory.place("two", name_local="ข้าว")
    names = NameIndex()

    keys = [
        names.find_key("directory.Place", "key", name) for name in ("ข่าว", "ข้าว", "ขาว")
    ]

    assert keys == ["one", "two", "ขาว"]


def test_name_without_its_marks_is_taken_where_one_record_has_it():
    directory.place("lao-cai", name_en="A", name_local="Lào Cai")
    directory.place("ha-giang", name_en="B", name_local="Hà Giang")
    directory.place("ha-giang-2", name_en="C", name_local="Hạ Giang")
    names = NameIndex()

    keys = [
        names.find_key("directory.Place", "key", name)
        for name in ("Lao Cai", "LÁO CAI", "Hạ Giang", "hà giang", "Ha Giang")
    ]

    assert keys == ["lao-cai", "lao-cai", "ha-giang-2", "ha-giang", "Ha Giang"]


def test_name_of_two_records_is_refused_with_both_and_their_keys():
    directory.country("VN")
    directory.organ("vn-spp", name_en="SPP of Viet Nam", name_zh_hans="人民检察院")
    directory.organ("cn-spp", name_en="SPP of China", name_zh_hans="人民检察院")
    sheet = _organs(["人民檢察院", "SPP"], "parent", country_iso2="VN")

    remedies = _remedies(sheet)

    both = "SPP of China (cn-spp), SPP of Viet Nam (vn-spp)"
    assert remedies == [
        f"“{written}” can mean any of these: {both}. Enter the identifier in brackets "
        "instead."
        for written in ("人民檢察院", "SPP")
    ]


def test_name_that_is_nearly_that_of_a_record_is_refused_with_its_name():
    directory.country("VN")
    directory.country("CN")
    directory.place("nanning", name_en="Nanning", name_zh_hans="南宁")
    countries = _organs(["Veit Nam", "Vietnma", "Chna", "美国"])
    places = _organs(["Naning", "南宁县"], "place_key", country_iso2="VN")

    remedies = _remedies(countries) + _remedies(places)

    assert [_suggested(remedy) for remedy in remedies] == [
        "Viet Nam (VN)",
        "Viet Nam (VN)",
        "China (CN)",
        "",
        "Nanning (nanning)",
        "Nanning (nanning)",
    ]
    assert remedies[3] == (
        "There is no country called “美国”. Correct the name, or add the country first."
    )


def _suggested(remedy: str) -> str:
    return remedy.partition("Did you mean ")[2].partition("?")[0]


def test_headings_and_choices_in_other_characters_are_read():
    directory.country("VN")
    head = ("organ_key", "國家", "層級", "名稱（英語）")
    sheet = xlsx_of(head, ("vn-a", "越南", "國家級", "Sample"))

    batch = checked(sheet, "organs")

    assert batch.errors == []
