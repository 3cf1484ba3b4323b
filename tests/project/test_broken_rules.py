"""The changes of tests/broken_rules.py fit the present code."""

from tests.broken_rules import ROOT, RULES


def test_each_change_fits_once_and_names_existing_tests():
    wrong = [
        f"{rule.rule}: {rule.file} has {count} × {rule.old!r}"
        for rule in RULES
        if (count := rule.source.read_text(encoding="utf-8").count(rule.old)) != 1
    ]
    wrong += [
        f"{rule.rule}: no file {file}"
        for rule in RULES
        for file in rule.noticed_by
        if not (ROOT / file).is_file()
    ]

    assert wrong == []
