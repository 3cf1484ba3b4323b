"""Headings of lists exported by earlier releases, by the name of the column.

Offices keep such files, correct them and import them again. An entry is added when the
label of a field changes, and stays.
"""

FORMER_HEADINGS: dict[str, tuple[str, ...]] = {
    "confidence": ("可信度",),
    "date_precision": (
        "日期精确度",
        "precision of the date",
        "签署日期精确度",
        "precision of signing",
    ),
    "draft_languages": (
        "名称为草稿的语言",
        "languages with a draft name",
    ),
    "edition_number": (
        "会议届次",
        "conference edition",
    ),
    "ends_on": (
        "末日",
        "last day",
    ),
    "from_country": (
        "派出国",
        "from",
    ),
    "from_named_parties": (
        "其他访问方",
        "others who travelled",
    ),
    "from_organ": (
        "访问方（来源原文）",
        "who travelled, as recorded",
    ),
    "from_organ_keys": (
        "访问方机构",
        "organs that travelled",
    ),
    "host_named_parties": ("其他东道方",),
    "host_organ": (
        "东道方（来源原文）",
        "host as recorded",
    ),
    "host_organ_keys": (
        "东道方机构",
        "host organs",
    ),
    "hours": (
        "时长（小时）",
        "hours",
    ),
    "hours_attended": (
        "参训时长（小时）",
        "hours attended",
    ),
    "in_force_precision": (
        "生效日期精确度",
        "precision of entry into force",
    ),
    "key": (
        "标识",
        "key",
    ),
    "kind": (
        "类别",
        "kind",
    ),
    "mechanism": (
        "机制（来源原文）",
        "mechanism as recorded",
    ),
    "mechanism_key": ("机制",),
    "notes": ("备注（英语）",),
    "notes_zh": ("备注（简体中文）",),
    "organ_key": (
        "organ",
        "标识",
        "key",
    ),
    "organ_keys": ("organs",),
    "organiser": (
        "组织方（来源原文）",
        "organiser as recorded",
    ),
    "organiser_named_parties": ("其他组织方",),
    "organiser_organ_keys": (
        "组织方机构",
        "organising organs",
    ),
    "organs_cn_named_parties": (
        "中方其他各方",
        "others of the Chinese side",
    ),
    "organs_cn_organ_keys": (
        "中方机构",
        "organs of the Chinese side",
    ),
    "organs_other": (
        "对方（来源原文）",
        "other side as recorded",
    ),
    "organs_other_named_parties": (
        "对方其他各方",
        "others of the other side",
    ),
    "organs_other_organ_keys": (
        "对方机构",
        "organs of the other side",
    ),
    "other_country": (
        "对方国家",
        "country of the other side",
    ),
    "participants_count": (
        "参加人员",
        "participants",
        "参加人数（据报道）",
        "participants as reported",
    ),
    "participants_qualifier": (
        "精确程度",
        "how exact",
    ),
    "parties": (
        "当事方（来源原文）",
        "parties as recorded",
    ),
    "parties_basis": (
        "当事方认定依据",
        "how the parties are known",
    ),
    "parties_named_parties": ("其他当事方",),
    "parties_organ_keys": (
        "当事方机构",
        "organs that are parties",
    ),
    "party_countries": (
        "当事方所属国家",
        "countries of the parties",
    ),
    "precision": (
        "精确度",
        "precision",
    ),
    "purpose": ("目的（英语）",),
    "purpose_zh": ("目的（简体中文）",),
    "qualifier": (
        "精确程度",
        "qualifier",
    ),
    "scope": (
        "范围",
        "scope",
    ),
    "sent_by_organ_key": (
        "派出机构",
        "sent by",
    ),
    "side_a_named_parties": (
        "中方其他各方",
        "others of the Chinese side",
    ),
    "side_a_organ_keys": (
        "中方机构",
        "organs of the Chinese side",
    ),
    "side_b_named_parties": (
        "对方其他各方",
        "others of the other side",
    ),
    "side_b_organ_keys": (
        "对方机构",
        "organs of the other side",
    ),
    "slug": (
        "地址短名",
        "short name for its address",
    ),
    "starts_on": (
        "首日",
        "first day",
    ),
    "state": (
        "状态",
        "state",
    ),
    "subject": ("统计对象",),
    "text_en": ("表述（英语）",),
    "text_zh": ("表述（简体中文）",),
    "to_country": (
        "到访国",
        "to",
    ),
    "to_named_parties": (
        "其他接待方",
        "others who received",
    ),
    "to_organ": (
        "接待方（来源原文）",
        "who received, as recorded",
    ),
    "to_organ_keys": (
        "接待方机构",
        "organs that received",
    ),
    "topic_keys": ("主题",),
    "venue_organ_keys": (
        "举办场所所属机构",
        "organs that are the venue",
    ),
    "work_note": (
        "工作备注",
        "work note",
    ),
}
