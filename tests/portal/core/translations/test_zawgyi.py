"""Burmese text in the Zawgyi encoding is recognised and converted."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.translations.zawgyi import (
    _load_phases,
    detect_zawgyi,
    from_zawgyi,
)

# Zawgyi, and the same text in Unicode.
PAIRS = [
    ("ျမန္မာ", "မြန်မာ"),
    ("ရန္ကုန္", "ရန်ကုန်"),
    ("တရားသူႀကီး", "တရားသူကြီး"),
    ("ဥပေဒခ်ဳပ္႐ုံး", "ဥပဒေချုပ်ရုံး"),
    ("ျပည္ေထာင္စုေရွ႕ေနခ်ဳပ္႐ုံး", "ပြည်ထောင်စုရှေ့နေချုပ်ရုံး"),
    ("လုပ္ငန္းရွင္မ်ား စာရင္းသုိ႕ ျပန္သြားရန", "လုပ်ငန်းရှင်များ စာရင်းသို့ ပြန်သွားရန"),
    ("ASEAN အဂၤလိပ္ 2019", "ASEAN အင်္ဂလိပ် 2019"),
]


def test_zawgyi_is_recognised_and_converted():
    for zawgyi, usual in PAIRS:
        assert detect_zawgyi(zawgyi), zawgyi
        assert from_zawgyi(zawgyi) == usual


def test_text_in_unicode_is_not_taken_for_zawgyi():
    for text in (
        *(usual for _zawgyi, usual in PAIRS),
        "",
        "Naypyidaw 2019",
        "រដ្ឋមន្ត្រី",
        "၁၂၃",
        # A digit for a letter, and signs in another order.
        "၀န်ကြီးဌာန",
        "ပြည်ေထာင်စု",
        # Shan and Mon.
        "ၵဝ်းမိူင်းတႆး",
        "ဘာသာမန်",
    ):
        assert not detect_zawgyi(text), text


def test_other_scripts_are_not_converted():
    for text in ("", "abc", "ธนาคาร", "检察院"):
        assert from_zawgyi(text) == text


def test_zawgyi_within_a_text_of_another_language_is_recognised():
    assert detect_zawgyi("Ministry of Home Affairs " * 300 + PAIRS[4][0])


@settings(deadline=None)
@given(st.text(alphabet=[chr(n) for n in range(0x1000, 0x10A0)] + [" ", "\u200b", "a"]))
def test_any_text_can_be_judged_and_converted(text):
    assert detect_zawgyi(text) in (True, False)
    # The longest replacement of one character has three more characters.
    assert len(from_zawgyi(text)) <= 4 * len(text)


def test_work_on_repeated_signs_is_bounded():
    """No pattern has an unlimited repetition, which would be tried at each sign."""
    patterns = [
        rule.pattern.pattern for phase in _load_phases() for rule in phase.rules
    ]

    assert len(patterns) > 100
    assert [pattern for pattern in patterns if re.search("[+*]|,}", pattern)] == []

    signs = "\u1031\u1037\u103b\u102d\u1039\u1036" * 2_000
    assert detect_zawgyi(signs) in (True, False)
    assert from_zawgyi(signs)
