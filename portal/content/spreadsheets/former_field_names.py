"""Headings of earlier releases, whose names of fields were other ones.

Files that were exported by an earlier release, and sheets that were made for it, are
imported without questions. Names that a release changes are added here, not replaced.
"""

# By name of the field, in English and Chinese as the release wrote them.
FORMER_FIELD_NAMES = {
    "city_as_recorded": ("city as recorded",),
    "confidence": ("可信度",),
    "date_precision": (
        "precision of signing",
        "precision of the date",
        "日期精确度",
        "签署日期精确度",
    ),
    "document_kind": ("类别",),
    "draft_languages": (
        "languages with a draft name",
        "名称为草稿的语言",
    ),
    "ends_on": (
        "last day",
        "末日",
    ),
    "from_as_recorded": (
        "who travelled, as recorded",
        "访问方（来源原文）",
    ),
    "from_country": (
        "from",
        "派出国",
    ),
    "from_organs": (
        "organs that travelled",
        "访问方机构",
    ),
    "from_parties": (
        "others who travelled",
        "其他访问方",
    ),
    "head_count": ("head count",),
    "host_as_recorded": (
        "host as recorded",
        "东道方（来源原文）",
    ),
    "host_organs": (
        "host organs",
        "东道方机构",
    ),
    "host_parties": ("其他东道方",),
    "hours": ("时长（小时）",),
    "hours_attended": ("参训时长（小时）",),
    "in_force_precision": (
        "precision of entry into force",
        "生效日期精确度",
    ),
    "is_name_formed": ("name formed, not seen",),
    "key": (
        "key",
        "标识",
    ),
    "mechanism_as_recorded": (
        "mechanism as recorded",
        "机制（来源原文）",
    ),
    "mechanism_kind": ("类别",),
    "name_native": ("name in its own language",),
    "name_own": ("name in own script",),
    "named_parties": ("其他当事方",),
    "native_language": ("own language",),
    "organiser_as_recorded": (
        "organiser as recorded",
        "组织方（来源原文）",
    ),
    "organiser_organs": (
        "organising organs",
        "组织方机构",
    ),
    "organiser_parties": ("其他组织方",),
    "organs_cn": (
        "organs of the Chinese side",
        "中方机构",
    ),
    "organs_cn_as_recorded": ("Chinese side as recorded",),
    "organs_other": (
        "organs of the other side",
        "对方机构",
    ),
    "organs_other_as_recorded": (
        "other side as recorded",
        "对方（来源原文）",
    ),
    "other_country": (
        "country of the other side",
        "对方国家",
    ),
    "outcome_as_recorded": ("outcome document as recorded",),
    "parent": ("organ above",),
    "participants": (
        "participants",
        "参加人员",
    ),
    "participants_qualifier": (
        "how exact",
        "精确程度",
    ),
    "parties_as_recorded": (
        "parties as recorded",
        "当事方（来源原文）",
    ),
    "parties_basis": (
        "how the parties are known",
        "当事方认定依据",
    ),
    "parties_cn": (
        "others of the Chinese side",
        "中方其他各方",
    ),
    "parties_other": (
        "others of the other side",
        "对方其他各方",
    ),
    "party_countries": (
        "countries of the parties",
        "当事方所属国家",
    ),
    "party_organs": (
        "organs that are parties",
        "当事方机构",
    ),
    "place": ("seat",),
    "place_as_recorded": (
        "place as recorded",
        "places as recorded",
    ),
    "precision": ("精确度",),
    "purpose_en": ("目的（英语）",),
    "purpose_zh_hans": (
        "目的",
        "目的（简体中文）",
    ),
    "qualifier": ("精确程度",),
    "rank": ("rank or office",),
    "remark_en": (
        "remark",
        "备注（英语）",
    ),
    "remark_zh_hans": (
        "备注",
        "备注（简体中文）",
    ),
    "reported_on": ("reported on",),
    "request_kind": ("类别",),
    "reported_participants": (
        "participants as reported",
        "参加人数（据报道）",
    ),
    "scope": ("范围",),
    "seat_as_recorded": ("seat as recorded",),
    "series_number": ("number in the series",),
    "side_a_organs": (
        "organs of the Chinese side",
        "中方机构",
    ),
    "side_a_parties": (
        "others of the Chinese side",
        "中方其他各方",
    ),
    "side_b_organs": (
        "organs of the other side",
        "对方机构",
    ),
    "side_b_parties": (
        "others of the other side",
        "对方其他各方",
    ),
    "slug": (
        "short name for its address",
        "地址短名",
    ),
    "starts_on": (
        "first day",
        "首日",
    ),
    "state": ("状态",),
    "subject": ("统计对象",),
    "text_en": (
        "sentence",
        "表述（英语）",
    ),
    "text_zh_hans": (
        "表述",
        "表述（简体中文）",
    ),
    "to_as_recorded": (
        "who received, as recorded",
        "接待方（来源原文）",
    ),
    "to_country": (
        "to",
        "到访国",
    ),
    "to_organs": (
        "organs that received",
        "接待方机构",
    ),
    "to_parties": (
        "others who received",
        "其他接待方",
    ),
    "topics": ("主题",),
    "venue_as_recorded": ("venue as recorded",),
    "venue_organs": (
        "organs that are the venue",
        "举办场所所属机构",
    ),
    "work_note": ("工作备注",),
}
