"""The public read model: one entry for each published record, and nothing else.

What is not in the catalogue is not public. Home, lists, search, calendar, feeds and
sitemap read these tables only; fallback and script conversion happen when shown.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.catalogue.period import Period
from portal.catalogue.querysets import EntryQuerySet


class Entry(models.Model):
    """A published record as lists show it.

    ``countries``, ``topics``, ``places`` are lists of keys and ``languages`` a list of
    codes, in the record's order; the same values stand in EntryTag for filtering.
    ``last_on`` is the last day that the period may cover and ``year`` its year, both
    NULL when undated. ``participants`` is how many took part as reported, NULL when no
    source says. ``programme`` is as in :class:`~portal.catalogue.registry.Drawn`.

    ``revision`` and ``changed_at`` move whenever the record is saved; ``sequence`` and
    ``content_changed_at`` only when what a calendar shows of it is another.

    ``digest`` is the SHA-256 (64 hex digits) of the content that API answers about the
    record are built from, in all languages; "" until it is computed for the first time.
    ``digest_version`` names the versions it was computed with
    (:func:`portal.catalogue.content.current_version`).
    """

    kind = models.CharField(_("kind"), max_length=20)
    code = models.CharField(_("code"), max_length=100)
    revision = models.PositiveIntegerField(_("revision"))
    path = models.CharField(_("address"), max_length=200)
    state = models.CharField(_("state"), max_length=20, blank=True)
    starts_on = models.DateField(_("first day"), null=True)
    ends_on = models.DateField(_("last day"), null=True)
    date_precision = models.CharField(_("precision"), max_length=5, blank=True)
    last_on = models.DateField(_("covers up to"), null=True)
    year = models.SmallIntegerField(_("year"), null=True)
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    sort_on = models.DateField(_("sorted by"))
    countries = models.JSONField(_("countries"), default=list)
    topics = models.JSONField(_("topics"), default=list)
    places = models.JSONField(_("places"), default=list)
    languages = models.JSONField(_("languages"), default=list)
    facts = models.JSONField(_("facts for its name"), default=dict)
    participants = models.PositiveIntegerField(_("participants"), null=True)
    programme = models.JSONField(_("programme"), default=list)
    sequence = models.PositiveIntegerField(_("number of the change of content"))
    content_changed_at = models.DateTimeField(_("content changed at"))
    is_sample = models.BooleanField(_("invented sample"), default=False)
    published_at = models.DateTimeField(_("published at"))
    changed_at = models.DateTimeField(_("changed at"))
    # db_default: processes of the release before insert entries during an upgrade.
    digest = models.CharField(
        _("digest of the content"),
        max_length=64,
        blank=True,
        default="",
        db_default="",
    )
    digest_version = models.CharField(
        _("versions of the digest"),
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


class EntryText(models.Model):
    """Title and summary of an entry in one language in which they are written."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10)
    title = models.CharField(_("title"), max_length=500, blank=True)
    summary = models.TextField(_("summary"), blank=True)

    class Meta:
        verbose_name = _("text of an entry")
        verbose_name_plural = _("texts of entries")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "language"], name="catalogue_text_entry_language"
            )
        ]

    def __str__(self):
        return f"{self.entry_id} {self.language}"


class EntryTag(models.Model):
    """One value by which an entry is found.

    ``axis`` is a list filter word, or one of the axes of dependencies, which are no
    filter: ``row`` (``directory.place:12``, a row that the entry was built from) and
    ``host`` (the host of a source, or a domain above it).

    ``kind``, ``sort_on`` and ``part`` (the fact of that name) are the entry's: the
    newest of a kind under a value, and whether there are many, are read off an index.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="tags")
    axis = models.CharField(_("filter word"), max_length=20)
    value = models.CharField(_("value"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20)
    part = models.CharField(_("part"), max_length=20, blank=True)
    sort_on = models.DateField(_("sorted by"))

    class Meta:
        verbose_name = _("tag of an entry")
        verbose_name_plural = _("tags of entries")
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
    """All that an entry is found by, in one row, for ``portal.catalogue.search``.

    ``id`` grows with the newest order (``search.rows.key_of``), so the newest hits are
    those with the greatest. ``countries`` are iso2 codes and ``tokens`` the tokens of
    all its texts in all languages, parted by spaces; ``passages`` pairs of language
    code (``""``: not known) and text, from which a hit is shown. The index over
    ``tokens`` is kept by the database (``search.schema``).
    """

    id = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.CASCADE, related_name="search_row")
    kind = models.CharField(_("kind"), max_length=20)
    countries = models.TextField(_("countries"), blank=True)
    year = models.SmallIntegerField(_("year"), null=True)
    passages = models.JSONField(_("passages"), default=list)
    tokens = models.TextField(_("tokens"))

    class Meta:
        verbose_name = _("search row of an entry")
        verbose_name_plural = _("search rows of entries")

    def __str__(self):
        return f"{self.entry_id}"
