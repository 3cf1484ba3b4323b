"""Messages for visitors use one term for a concept: those of docs/glossary.csv."""

import re

import polib
import pytest

from tests.failures import collect_failures
from tests.project.interface_messages import all_messages
from tests.project.source_tree import ROOT

# Words that the glossary replaces, as patterns.
NOT_USED = {
    "en": {
        r"\borgans?\b": "organisation, prosecution authority",
        r"\beditions?\b": "conference",
        r"\bon record\b": "not known, not available",
        r"\bstanding arrangements?\b": "mechanism",
        r"\brevisions?\b": "version",
        r"\be-mail\b": "email",
        r"\bthis site\b": "this website",
        r"\bKind\b": "type",
        r"\bRemark\b": "note",
        r"\binvented\b": "example",
        r"^Write\b": "enter",
    },
    "zh_Hans": {
        "未见记载": "暂无信息、不详",
        "检索": "搜索",
        "版次": "版本",
        "据报": "公开报道",
        "届次": "总检察长会议",
        "常设安排": "合作机制",
        "边境联络": "边境检察合作",
        "当事方": "签署方、缔约方",
        "组织方": "承办单位、主办单位",
        "电子邮件": "电子邮箱",
        "个人数据": "个人信息",
        "拟举行": "拟举办",
        "已举行": "已举办",
        "样例": "示例",
        "种类": "类型",
    },
    # Words of a conversion from simplified Chinese that Hong Kong and Macao do not use.
    "zh_Hant": {
        "搜索": "搜尋",
        "菜單": "選單",
        "隱私": "私隱",
        "信息": "資料",
        "統計數據|報道數據": "統計數字、報道數字",
        "示例數據": "示例資料",
        "最新動態": "最新消息",
        "推遲": "延期",
        "紀錄": "記錄",
        "鏈接": "連結",
        "郵箱": "電郵",
        "服務器": "伺服器",
        "[説閲佈]": "說、閱、布",
        "[“”]": "「」",
    },
}


@pytest.mark.parametrize("locale", NOT_USED)
def test_terms_that_the_glossary_replaces_are_not_used(locale):
    path = ROOT / "locale" / locale / "LC_MESSAGES" / "django.po"
    catalogue = {
        (entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(path)
    }
    messages = [message for message in all_messages() if not message.is_for_staff]
    assert len(messages) > 500
    with collect_failures() as failures:
        for message in messages:
            entry = catalogue[message.key]
            texts = [message.text, message.plural]
            if locale != "en":
                texts = [entry.msgstr, *entry.msgstr_plural.values()]
            for pattern, instead in NOT_USED[locale].items():
                with failures.case(message.where, message.text, instead):
                    # Placeholders are names in the code.
                    assert not any(
                        re.search(pattern, re.sub(r"%\(\w+\)s", "", text))
                        for text in texts
                    )
