"""Messages for staff use one term for a concept: those of docs/glossary.csv."""

import re

import polib
import pytest

from tests.failures import collect_failures
from tests.project.interface_messages import all_messages
from tests.project.source_tree import ROOT

# Words that staff no longer read, as patterns, with the term instead.
NOT_USED = {
    "en": {
        r"\borgans?\b": "organisation",
        r"(?i)four eyes": "two-person approval",
        r"\b[Dd]eeds?\b": "action",
        r"(?i)second factors?\b": "two-factor authentication",
        r"\bas recorded\b": "as in the source",
        r"\bon record\b": "recorded, known",
        r"(?i)\bbr(ing|ought)\b": "import, add",
        r"\b(?:the|of this) history\b": "audit log",
        r"had a hand": "contributed",
        r"shown to you": "read",
        r"(?i)\be-mail\b": "email",
        r"(?i)\btelephone\b": "phone",
        r"\bstate\b": "status",
        r"head count": "number of people",
        r"(?i)\bevidence\b": "source",
        r"(?i)\bdesk\b": "admin",
        r"\banew\b|\bmeanwhile\b": "again, since then",
        r"records? done\b": "what was done",
        r"(?i)\bsystem actor": "system account",
        r"\bregistrar\b": "training administrator",
        r"(?i)\binvented\b": "example",
        r"(?i)\brevision\b": "version",
        r"(?i)\beditions?\b": "conference",
        r"whole record stands": "whole record",
    },
    "zh_Hans": {
        "第二重|双因素": "双重验证",
        "恢复代码": "恢复码",
        "账户|帐户|帐号": "账号",
        "审计日志": "操作日志",
        "东道方|组织方": "主办单位、承办单位",
        "当事方": "签署方",
        "列名方": "其他单位",
        "访问方|接待方": "派出单位、接待单位",
        "首日|末日": "开始日期、结束日期",
        "工作台": "管理后台",
        "检索": "搜索",
        "据报道": "据公开报道",
        "版次": "版本",
        "采纳": "批准",
        "精确度": "日期精确到",
        "培训登记员": "培训管理员",
        "参训时长": "学时",
        "(?:提交|双人|待我|退回)复核": "审核",
        "撤回": "撤下",
    },
}


@pytest.mark.parametrize("locale", NOT_USED)
def test_terms_that_the_glossary_replaces_are_not_used_for_staff(locale):
    path = ROOT / "locale" / locale / "LC_MESSAGES" / "django.po"
    catalogue = {
        (entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(path)
    }
    messages = [message for message in all_messages() if message.is_for_staff]
    assert len(messages) > 1000
    with collect_failures() as failures:
        for message in messages:
            texts = [message.text, message.plural]
            if locale != "en":
                entry = catalogue[message.key]
                texts = [entry.msgstr, *entry.msgstr_plural.values()]
            # Placeholders are names in the code.
            texts = [re.sub(r"%\(\w+\)s", "", text) for text in texts]
            for pattern, instead in NOT_USED[locale].items():
                with failures.case(message.where, message.text, instead):
                    assert not any(re.search(pattern, text) for text in texts)
