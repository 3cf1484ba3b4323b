"""Benchmark cases: name → paths, which are requested in turn."""

BARE_VIEW = "bare view, one query"

CASES: dict[str, tuple[str, ...]] = {
    BARE_VIEW: ("/bare/",),
    "home": ("/en/", "/zh-hans/", "/th/"),
    "list": ("/en/seminars/", "/zh-hans/delegations/", "/en/news/"),
    # The page has the same number of rows for any number of records.
    "list, filtered": (
        "/en/delegations/?direction=inbound&state=held",
        "/en/seminars/?topic=cybercrime&scope=prosecutors",
        "/en/news/?country=VN",
    ),
    # A handful of rows with a thousand records, a full page with many.
    "list, narrow filter": (
        "/en/delegations/?country=VN&year=2019",
        "/en/documents/?country=TH&kind=mou&from=2015-01-01",
        "/en/seminars/?organ=sample-organ-5",
    ),
    "list, meetings": ("/en/exchanges/",),
    "list, nothing found": (
        "/en/seminars/?country=VN&year=1950",
        "/en/news/?topic=belt-and-road&year=2019",
    ),
    "list, deep page": ("/en/seminars/?page=2", "/en/seminars/?page=3"),
    "list, deepest page": ("/en/seminars/?page=10", "/en/delegations/?page=9"),
    "detail": (
        "/en/seminars/SEM-900040/",
        "/zh-hans/delegations/VIS-900017/",
        "/th/documents/DOC-900012/",
        "/en/conference/9003/",
    ),
    "country": ("/en/countries/vn/", "/zh-hans/countries/cn/"),
    "organ": ("/en/organs/sample-organ-5/", "/en/organs/sample-organ-6/"),
    "mechanism": ("/en/exchanges/sample-mechanism-2/",),
    "search, rare": ("/en/search/?q=SEM-900123", "/en/search/?q=VIS-900050"),
    "search, common": ("/en/search/?q=seminar", "/en/search/?q=China"),
    "search, two words": (
        "/en/search/?q=asset+recovery",
        "/en/search/?q=viet+nam+training",
    ),
    "search, newest": ("/en/search/?q=prosecutors&order=newest",),
    "search, filtered": ("/en/search/?q=seminar&kind=seminar&country=VN",),
    "search, Chinese": ("/zh-hans/search/?q=诈骗", "/zh-hans/search/?q=检察官"),
    "search, Thai": ("/th/search/?q=อัยการ", "/th/search/?q=ความร่วมมือ"),
    "search, nothing found": ("/en/search/?q=xylophone",),
    "figures": ("/en/figures/", "/en/figures/?as_of=2018-12-31"),
    "calendar": ("/en/calendar/", "/zh-hans/calendar/"),
    "calendar.ics": ("/en/calendar.ics?country=VN&year=2019",),
    "feed": ("/en/feed.atom", "/en/feed.json"),
    "API list": ("/api/v1/seminars/", "/api/v1/visits/"),
    "API list, filtered": (
        "/api/v1/visits/?direction=inbound",
        "/api/v1/seminars/?scope=prosecutors",
    ),
    "API changes": ("/api/v1/changes/",),
}
