"""The public read model: one entry for each published record.

Only records in the catalogue are public. The home page, lists, search, calendars, feeds
and the sitemap read these tables only. Language fallback and conversion between Chinese
scripts happen when an entry is displayed.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.catalogue.period import Period
from portal.content.catalogue.querysets import EntryQuerySet


class Entry(models.Model):
    """The catalogue entry of a published record, with the data that lists show.

    ``countries``, ``topics``, ``places`` are lists of keys and ``languages`` a list of
    language codes, in the order of the record; EntryTag holds the same values for
    filtering. ``last_on`` is the last day that the period may cover and ``year`` its
    year; both are NULL if the record has no date. ``participants`` is the reported
    number of participants, NULL if no source gives one. ``programme`` has the structure
    described in :class:`~portal.content.catalogue.registry.EntryData`.

    ``revision`` and ``changed_at`` change whenever the record is saved; ``sequence``
    and ``content_changed_at`` change only if the data shown in calendars changes.

    ``digest`` is the SHA-256 (64 hex digits) of the content of API responses about the
    record, in all languages; "" until it is computed for the first time.
    ``digest_version`` is the value of
    :func:`~portal.content.catalogue.content_digest.current_version` when the digest was
    computed.
    """

    kind = models.CharField(_("type"), max_length=20)
    code = models.CharField(_("code"), max_length=100)
    revision = models.PositiveIntegerField(_("version"))
    path = models.CharField(_("web address"), max_length=200)
    state = models.CharField(_("event status"), max_length=20, blank=True)
    starts_on = models.DateField(_("start date"), null=True)
    ends_on = models.DateField(_("end date"), null=True)
    date_precision = models.CharField(_("date precision"), max_length=5, blank=True)
    last_on = models.DateField(_("covers up to"), null=True)
    year = models.SmallIntegerField(_("year"), null=True)
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    sort_on = models.DateField(_("sort date"))
    countries = models.JSONField(_("countries"), default=list)
    topics = models.JSONField(_("topics"), default=list)
    places = models.JSONField(_("places"), default=list)
    languages = models.JSONField(_("languages"), default=list)
    facts = models.JSONField(_("facts for the generated name"), default=dict)
    participants = models.PositiveIntegerField(_("number of participants"), null=True)
    programme = models.JSONField(_("programme"), default=list)
    sequence = models.PositiveIntegerField(_("content change number"))
    content_changed_at = models.DateTimeField(_("content changed at"))
    is_sample = models.BooleanField(_("example data"), default=False)
    published_at = models.DateTimeField(_("published at"))
    changed_at = models.DateTimeField(_("last updated"))
    # db_default: during an upgrade, processes of the previous release still insert
    # entries.
    digest = models.CharField(
        _("content digest"),
        max_length=64,
        blank=True,
        default="",
        db_default="",
    )
    digest_version = models.CharField(
        _("digest version"),
        max_length=64,
        blank=True,
        default="",
        db_default="",
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("catalogue entry")
        verbose_name_plural = _("catalogue entries")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"], name="catalogue_entry_kind_code"
            )
        ]
        indexes = [
            models.Index(
                fields=["kind", "-sort_on", "-code"], name="catalogue_entry_list"
            ),
            models.Index(
                fields=["kind", "year", "-sort_on", "-code"],
                name="catalogue_entry_year",
            ),
            models.Index(
                fields=["-sort_on", "-code", "kind"], name="catalogue_entry_all"
            ),
            models.Index(
                fields=["-changed_at", "-sort_on", "kind", "code"],
                name="catalogue_entry_changed",
            ),
            models.Index(fields=["last_on", "starts_on"], name="catalogue_entry_days"),
            models.Index(
                fields=["kind", "last_on", "state", "year", "participants"],
                name="catalogue_entry_figures",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.code}"

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on, self.date_precision)

    @property
    def written_titles(self) -> dict[str, str]:
        """The written titles by language code, of the texts that were prefetched."""
        return {text.language: text.title for text in self.prefetched_texts}


class EntryText(models.Model):
    """Title and summary of an entry in one language in which they are written."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10)
    title = models.CharField(_("title"), max_length=500, blank=True)
    summary = models.TextField(_("summary"), blank=True)

    class Meta:
        verbose_name = _("catalogue entry text")
        verbose_name_plural = _("catalogue entry texts")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "language"], name="catalogue_text_entry_language"
            )
        ]

    def __str__(self):
        return f"{self.entry_id} {self.language}"


class EntryTag(models.Model):
    """One value by which an entry can be filtered, or one dependency of the entry.

    ``axis`` is the name of a list filter, or one of two dependency axes, which are not
    filters: ``row`` (a database row that the entry was built from, such as
    ``directory.place:12``) and ``host`` (the host of a source or one of its parent
    domains).

    ``kind``, ``sort_on`` and ``part`` (the fact of that name) are copied from the
    entry, so that the newest entries per kind and value, and their number, can be read
    from an index.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="tags")
    axis = models.CharField(_("filter"), max_length=20)
    value = models.CharField(_("value"), max_length=100)
    kind = models.CharField(_("type"), max_length=20)
    part = models.CharField(_("part"), max_length=20, blank=True)
    sort_on = models.DateField(_("sort date"))

    class Meta:
        verbose_name = _("catalogue entry tag")
        verbose_name_plural = _("catalogue entry tags")
        constraints = [
            models.UniqueConstraint(
                fields=["axis", "value", "entry"], name="catalogue_tag_value_entry"
            )
        ]
        indexes = [
            models.Index(
                fields=["axis", "value", "kind", "part", "-sort_on", "entry"],
                name="catalogue_tag_newest",
            )
        ]

    def __str__(self):
        return f"{self.axis}={self.value}"


class SearchRow(models.Model):
    """The search document of an entry, used by the package ``search``.

    ``id`` grows with the sort order of the newest-first list (``search_row_id``), so
    the newest hits have the highest ids. ``countries`` are iso2 codes and ``tokens``
    the search tokens of all texts in all languages, both separated by spaces.
    ``passages`` are pairs of language code (``""`` if unknown) and text from which
    snippets are cut. ``title_length`` is the number of tokens of the shortest title or
    name; NULL until the rebuild after an upgrade. The database maintains the full-text
    index on ``tokens`` (see the module ``search.schema``).
    """

    id = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.CASCADE, related_name="search_row")
    kind = models.CharField(_("type"), max_length=20)
    countries = models.TextField(_("countries"), blank=True)
    year = models.SmallIntegerField(_("year"), null=True)
    passages = models.JSONField(_("passages"), default=list)
    # With a default, SQLite would create the table again, without its triggers.
    title_length = models.SmallIntegerField(_("title length"), null=True)
    tokens = models.TextField(_("tokens"))

    class Meta:
        verbose_name = _("search index entry")
        verbose_name_plural = _("search index entries")

    def __str__(self):
        return f"{self.entry_id}"


class SearchWord(models.Model):
    """A word of a title, summary or name, for the correction of typing errors.

    ``word`` is folded; ``start`` and ``end`` are its two halves and ``length`` its
    number of letters. A word with one error shares a half with the right one. Words may
    be stored twice, and words of withdrawn records remain until the nightly rebuild:
    :mod:`~portal.content.catalogue.search.spelling` looks every word up in the index
    before offering it.
    """

    word = models.CharField(_("word"), max_length=40, db_index=True)
    length = models.SmallIntegerField(_("length"))
    start = models.CharField(_("first half"), max_length=20)
    end = models.CharField(_("second half"), max_length=20)

    class Meta:
        verbose_name = _("search index word")
        verbose_name_plural = _("search index words")
        indexes = [
            models.Index(fields=["length", "start"], name="catalogue_word_start"),
            models.Index(fields=["length", "end"], name="catalogue_word_end"),
        ]

    def __str__(self):
        return self.word
