"""Spellings that look the same have one normal form, in Thai, Lao, Khmer, Burmese."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.translations.normal_form import fold, fold_form, name_key
from portal.core.translations.spellings import unify_spellings

# Names of the letters and signs are in the comments, because many pairs look the same.
LOOK_ALIKES = {
    "th": [
        # Tone behind AM and AA; tone before a vowel above and below.
        ("นำ้", "น้ำ"),
        ("ท่ี", "ที่"),
        ("ก\u0e32\u0e48", "ก่า"),
        ("ผ\u0e39\u0e49", "ผ\u0e49\u0e39"),
        # NIKHAHIT and AA for AM, with a tone before, between and behind.
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),
        ("น\u0e49\u0e4d\u0e32", "น้ำ"),
        ("น\u0e4d\u0e32\u0e49", "น้ำ"),
        ("สํานักงานอัยการสูงสุด", "สำนักงานอัยการสูงสุด"),
        # E twice for AE; LAKKHANGYAO for AA; signs typed twice.
        ("\u0e40\u0e40ละ", "และ"),
        ("ก\u0e45ร", "การ"),
        ("ที\u0e35\u0e48\u0e48", "ที่"),
        ("สิทธ\u0e4c\u0e34", "สิทธิ์"),
    ],
    "lo": [
        ("ນ\u0ecd\u0eb2", "ນຳ"),
        ("ນ\u0eb3\u0ec9", "ນ້ຳ"),
        ("ນ\u0ecd\u0ec9\u0eb2", "ນ້ຳ"),
        ("ທ\u0ec8\u0eb5", "ທີ່"),
        ("\u0ec0\u0ec0ລະ", "ແລະ"),
        ("ຫນ\u0ec9າ", "ໜ້າ"),
        ("ຫມາຍ", "ໝາຍ"),
        ("ຫ\u0eb1\u0ebcງ", "ຫ\u0ebc\u0eb1ງ"),
    ],
    "km": [
        # Subscript RO before another subscript; DA for TA below.
        ("រដ្ឋមន្រ្តី", "រដ្ឋមន្ត្រី"),
        ("សាស្ដា្រចារ្យ", "សាស្ត្រាចារ្យ"),
        ("បណ្ដោះ", "បណ្តោះ"),
        # Vowels before subscripts, and in two parts.
        ("បា្រស់", "ប្រាស់"),
        ("អាជា្ញធរ", "អាជ្ញាធរ"),
        ("ចុះឈេា្មះ", "ចុះឈ្មោះ"),
        ("កែវលៀ្មត", "កែវល្មៀត"),
        ("ឆ្ពេាះ", "ឆ្ពោះ"),
        ("ព\u17c1\u17b8ត", "ព\u17beត"),
        # NIKAHIT before the vowel.
        ("ក\u17c6\u17b6", "កាំ"),
        ("ឃ\u17c6\u17bb", "ឃុំ"),
        # Register shifters before and behind a vowel, and U for a shifter.
        ("អ\u17b8\u17caមែល", "អ៊ីមែល"),
        ("អ\u17bb\u17b8មែល", "អ៊ីមែល"),
        ("ម\u17b6\u17c9ក", "ម\u17c9\u17b6ក"),
        # Variant and deprecated letters; invisible characters; signs typed twice.
        ("ឲ្យ", "ឱ្យ"),
        ("\u17a3ក", "អក"),
        ("ន\u200bិង\u200b", "និង"),
        ("ប្\u200dរាស់", "ប្រាស់"),
        ("ត\u17c1\u17c1ើ", "ត\u17c1ើ"),
        ("កោ\u17d2", "កោ"),
    ],
    "my": [
        # Digits for WA, RA and the abbreviation of "the said".
        ("၀န်ကြီးဌာန", "ဝန်ကြီးဌာန"),
        ("၀ိုင်း", "ဝိုင်း"),
        ("၀တ္ထု", "ဝတ္ထု"),
        ("ဘ၀", "ဘဝ"),
        ("၇န်ကုန်", "ရန်ကုန်"),
        ("၁၇က်", "၁ရက်"),
        ("၄င်း", "၎င်း"),
        # Order of medials, vowels, anusvara, dot below, asat, visarga.
        ("ကျ\u103e\u103dာ", "ကျ\u103d\u103eာ"),
        ("က\u103c\u103bာ", "က\u103b\u103cာ"),
        ("ရ\u1031\u103e\u1037နေ", "ရှေ့နေ"),
        ("ခ\u1031\u103bုပ်", "ချေုပ်"),
        ("ရ\u102f\u1036း", "ရ\u1036\u102fး"),
        ("န\u103a\u1037", "န\u1037\u103a"),
        ("ပြည\u1037\u103a", "ပြည\u103a\u1037"),
        ("ကျွန\u102f\u103aပ်", "ကျွန\u103a\u102fပ်"),
        ("ကြ\u1038\u102e", "ကြ\u102e\u1038"),
        ("နို\u102dင\u103a\u103aငံ", "နိုင်ငံ"),
        # Letters that look like others or consist of others.
        ("\u1025\u102e\u1038", "\u1026\u1038"),
        ("\u1009\u102e\u1038", "\u1026\u1038"),
        ("စဥ်", "စဉ်"),
        ("သြဂုတ်", "ဩဂုတ်"),
        ("သြော်", "ဪ"),
        ("စျေး", "ဈေး"),
    ],
}
# Words with other letters, vowels, tones or digits, which must not be confused.
DISTINCT = (
    ("ปา", "ปี", "ป่า", "ป้า", "ปำ"),
    ("เกาะ", "เกา", "กาะ", "แกะ", "เกะ"),
    ("ປາ", "ປີ", "ປ່າ", "ປ້າ", "ປຳ"),
    ("កា", "កី", "កុ", "កុំ", "កំ", "កាំ", "កោ", "កេ", "កើ"),
    ("ក្រ", "ក្ត", "ក្ត្រ", "រក", "តក"),
    ("ប៉ា", "ប៊ា", "បា"),
    ("ကာ", "ကီ", "ကား", "ကော", "ကော်", "ကို", "ကု", "ကုံ"),
    ("ကျ", "ကြ", "ကွ", "ကှ", "ကျွ", "ကြွ"),
    ("သင်္ဘော", "သင်ဘော", "သဘော"),
    ("၂၀၁၇ ခုနှစ်", "၂၀၁၀ ခုနှစ်"),
)
SIGNS = {
    "th": [chr(n) for n in (*range(0x0E30, 0x0E3B), *range(0x0E47, 0x0E4F))],
    "lo": [
        chr(n) for n in (*range(0x0EB0, 0x0EBD), *range(0x0EC8, 0x0ECF)) if n != 0x0EBE
    ],
    "km": [chr(n) for n in range(0x17B6, 0x17D4)],
    "my": [chr(n) for n in (*range(0x102B, 0x1033), *range(0x1036, 0x103F))],
}
LETTERS = {
    "th": "กนอเแๅ๑",
    "lo": "ກນຫເແໜ໑",
    "km": "កដតរឣឤឲ៘១",
    "my": "ကငစဉဥဩသဝရ၀၁၄၇၎",
}
TEXTS = st.sampled_from(list(SIGNS)).flatmap(
    lambda code: st.text(
        alphabet=[*SIGNS[code], *LETTERS[code], "\u200b", "\u200d", " ", "a", "\u0301"]
    )
)


def test_spellings_that_look_the_same_have_one_form():
    for pairs in LOOK_ALIKES.values():
        for typed, usual in pairs:
            assert typed != usual
            assert fold(typed) == fold(usual), (typed, usual)
            assert name_key(typed) == name_key(usual), (typed, usual)


def test_names_within_a_text_have_the_form_that_they_have_alone():
    for code, pairs in LOOK_ALIKES.items():
        for typed, usual in pairs:
            words = f"{LETTERS[code][0]} {typed} {LETTERS[code][0]}"
            assert fold(usual) in fold(words), typed


def test_words_that_differ_keep_different_forms():
    for words in DISTINCT:
        assert len({fold(word) for word in words}) == len(words), words


def test_usual_spellings_of_words_are_kept():
    for text in (
        "สำนักงานอัยการสูงสุด",
        "ໄອຍະການປະຊາຊົນສູງສຸດ",
        "តុលាការកំពូល",
        "រដ្ឋមន្ត្រី",
        "ပြည်ထောင်စုရှေ့နေချုပ်ရုံး",
        "သင်္ဘော",
        "မြန်မာ",
    ):
        assert unify_spellings(text) == text


def test_digits_of_numbers_stay_digits():
    for text, folded in (
        ("၂၀၁၇ ခုနှစ်", "2017 ခုနှစ်"),
        ("၁၀ရက်", "10ရက်"),
        ("၂၀၂၀ပြည့်နှစ်", "2020ပြည့်နှစ်"),
        ("၁၇လပိုင်း", "17လပိုင်း"),
        ("အပိုဒ် ၇", "အပိုဒ် 7"),
        ("၀.၅", "0.5"),
        ("၀", "0"),
        ("၀၉-၄၄", "09-44"),
    ):
        assert fold(text) == folded


@settings(deadline=None)
@given(TEXTS)
def test_form_of_a_form_is_the_form(text):
    for folded in (fold, fold_form):
        assert folded(folded(text)) == folded(text)


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from(list(SIGNS)).flatmap(
        lambda code: st.tuples(
            st.sampled_from(["ก", "ກ", "ក", "က"]),
            st.lists(st.sampled_from(SIGNS[code]), max_size=4),
        )
    )
)
def test_order_of_signs_makes_no_difference(syllable):
    letter, signs = syllable

    forms = {fold(letter + "".join(order) + " ") for order in permutations(signs)}

    assert len(forms) == 1


def test_work_on_long_runs_is_bounded():
    """Repeated signs are counted once; nothing is repeated for each of them."""
    for signs in (
        "\u0301",
        "\u0e31\u0e48",
        "\u0ecd\u0ec9\u0eb2",
        "\u17d2",
        "\u17d2\u179a\u17d2\u178f",
        "\u17c1\u17b6\u17c9",
        "\u1039\u1000",
        "\u103a\u1039\u1000\u1037",
        "\u1037\u103a\u103b",
    ):
        assert len(fold("a" + signs * 10_000)) < 20, signs
    assert len(fold("\u1040\u1000" * 10_000)) == 20_000
