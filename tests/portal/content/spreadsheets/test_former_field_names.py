"""Sheets with the Chinese headings of release 1.0 are read without questions."""

import pytest

from portal.content.spreadsheets.headings import map_headings, normalize_heading
from portal.content.spreadsheets.registry import get_resource
from tests.failures import collect_failures

pytestmark = pytest.mark.django_db
# Headings that a later release renamed, and the fields, by resource.
HEADINGS = {
    "articles": {
        "地址短名": "slug",
        "日期精确度": "date_precision",
        "主题": "topics",
        "可信度": "confidence",
        "备注（英语）": "remark_en",
        "备注（简体中文）": "remark_zh_hans",
        "工作备注": "work_note",
    },
    "border_meetings": {
        "机制（来源原文）": "mechanism_as_recorded",
        "首日": "starts_on",
        "末日": "ends_on",
        "日期精确度": "date_precision",
        "中方机构": "organs_cn",
        "中方其他各方": "parties_cn",
        "对方（来源原文）": "organs_other_as_recorded",
        "对方机构": "organs_other",
        "对方其他各方": "parties_other",
        "对方国家": "other_country",
        "主题": "topics",
        "可信度": "confidence",
        "备注（英语）": "remark_en",
        "备注（简体中文）": "remark_zh_hans",
        "工作备注": "work_note",
    },
    "conference_editions": {
        "首日": "starts_on",
        "末日": "ends_on",
        "日期精确度": "date_precision",
        "东道方（来源原文）": "host_as_recorded",
        "东道方机构": "host_organs",
        "其他东道方": "host_parties",
        "组织方机构": "organiser_organs",
        "其他组织方": "organiser_parties",
        "参加人员": "participants",
        "精确程度": "participants_qualifier",
        "主题": "topics",
        "可信度": "confidence",
        "备注（英语）": "remark_en",
        "备注（简体中文）": "remark_zh_hans",
        "工作备注": "work_note",
    },
    "countries": {
        "备注（英语）": "remark_en",
        "备注（简体中文）": "remark_zh_hans",
        "工作备注": "work_note",
    },
    "delegation_visits": {
        "范围": "scope",
        "访问方（来源原文）": "from_as_recorded",
        "访问方机构": "from_organs",
        "其他访问方": "from_parties",
        "派出国": "from_country",
        "接待方（来源原文）": "to_as_recorded",
        "接待方机构": "to_organs",
        "其他接待方": "to_parties",
        "到访国": "to_country",
        "首日": "starts_on",
        "末日": "ends_on",
        "日期精确度": "date_precision",
        "目的（英语）": "purpose_en",
        "目的（简体中文）": "purpose_zh_hans",
        "主题": "topics",
        "可信度": "confidence",
        "备注（英语）": "remark_en",
        "备注（简体中文）": "remark_zh_hans",
        "工作备注": "work_note",
    },
    "documents": {
        "类别": "document_kind",
        "签署日期精确度": "date_precision",
        "生效日期精确度": "in_force_precision",
        "当事方（来源原文）": "parties_as_recorded",
        "当事方机构": "party_organs",
        "其他当事方": "named_parties",
        "当事方认定依据": "parties_basis",
        "当事方所属国家": "party_countries",
        "主题": "topics",
        "可信度": "confidence",
        "备注（英语）": "remark_en",
        "备注（简体中文）": "remark_zh_hans",
        "工作备注": "work_note",
    },
    "mechanisms": {
        "标识": "key",
        "类别": "mechanism_kind",
        "中方机构": "side_a_organs",
        "中方其他各方": "side_a_parties",
        "对方机构": "side_b_organs",
        "对方其他各方": "side_b_parties",
        "对方国家": "other_country",
        "日期精确度": "date_precision",
        "可信度": "confidence",
        "备注（英语）": "remark_en",
        "备注（简体中文）": "remark_zh_hans",
        "工作备注": "work_note",
    },
    "organs": {
        "标识": "key",
        "日期精确度": "date_precision",
        "可信度": "confidence",
        "备注（英语）": "remark_en",
        "备注（简体中文）": "remark_zh_hans",
        "工作备注": "work_note",
    },
    "pages": {
        "地址短名": "slug",
    },
    "places": {
        "标识": "key",
    },
    "reported_figures": {
        "标识": "key",
        "精确程度": "qualifier",
        "精确度": "precision",
        "统计对象": "subject",
        "表述（英语）": "text_en",
        "表述（简体中文）": "text_zh_hans",
        "可信度": "confidence",
        "备注（英语）": "remark_en",
        "备注（简体中文）": "remark_zh_hans",
        "工作备注": "work_note",
    },
    "seminar_participants": {
        "派出机构": "organ",
    },
    "seminars": {
        "范围": "scope",
        "首日": "starts_on",
        "末日": "ends_on",
        "日期精确度": "date_precision",
        "举办场所所属机构": "venue_organs",
        "参加人数（据报道）": "reported_participants",
        "主题": "topics",
        "组织方（来源原文）": "organiser_as_recorded",
        "组织方机构": "organiser_organs",
        "其他组织方": "organiser_parties",
        "可信度": "confidence",
        "备注（英语）": "remark_en",
        "备注（简体中文）": "remark_zh_hans",
        "工作备注": "work_note",
        "状态": "state",
        "时长（小时）": "hours",
    },
    "topics": {
        "标识": "key",
        "名称为草稿的语言": "draft_languages",
    },
    "training_records": {
        "参训时长（小时）": "hours_attended",
    },
}


def test_headings_of_release_1_0_are_known():
    with collect_failures() as failures:
        for code, fields in HEADINGS.items():
            columns = map_headings(get_resource(code))
            for heading, field in fields.items():
                with failures.isolated_case(code, heading):
                    assert columns[normalize_heading(heading)].field == field
