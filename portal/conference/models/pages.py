"""Static pages, such as About the Conference, The Training Base and The Office."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.constraints import require_chinese_or_english_text
from portal.content.publishing.models import Publishable
from portal.content.publishing.rich_text import RichTextField
from portal.core.translations.fields import NameKeysField
from portal.core.translations.localized_text import get_loaded_name


class Page(Publishable):
    """A static page, identified by its slug."""

    kind = "page"
    description_fields = ("body",)
    content_fields = {"body": _("Full text")}
    code_field = "slug"

    slug = models.SlugField(
        _("short name for the web address"), max_length=100, unique=True
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
            require_chinese_or_english_text("title"),
        ]

    def __str__(self):
        return get_loaded_name(self, "title") or self.slug

    def get_absolute_url(self):
        return reverse("conference:page-detail", kwargs={"slug": self.slug})
