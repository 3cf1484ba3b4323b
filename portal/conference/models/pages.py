"""Standing pages: About the Conference, The Training Base, The Office."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.publishing.constraints import written_in_chinese_or_english
from portal.publishing.models import Publishable
from portal.publishing.rich_text import RichTextField
from portal.translations.fields import NameKeysField
from portal.translations.shown import name_loaded


class Page(Publishable):
    """A page by its slug."""

    kind = "page"
    code_field = "slug"

    slug = models.SlugField(
        _("short name for its address"), max_length=100, unique=True
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    name_keys = NameKeysField(sources=("title",))
    body = RichTextField(_("text"), blank=True)
    display_order = models.PositiveSmallIntegerField(_("display order"), default=100)

    class Meta(Publishable.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            *Publishable.Meta.constraints,
            written_in_chinese_or_english("title"),
        ]

    def __str__(self):
        return name_loaded(self, "title") or self.slug

    def get_absolute_url(self):
        return reverse("conference:page-detail", kwargs={"slug": self.slug})
