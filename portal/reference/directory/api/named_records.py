"""Base serializer of records whose title may be formed from their facts."""

from collections.abc import Iterable

from rest_framework import serializers

from portal.content.publishing.api.serializers import RecordSerializer
from portal.core.translations.localized_text import LocalizedText
from portal.reference.directory.models import Country
from portal.reference.directory.record_titles import record_title


class NamedRecordSerializer(RecordSerializer):
    """Base of records with a name: the title, or a sentence formed from facts.

    Subclasses list ``name`` and ``name_is_formed`` in ``Meta.fields``.
    """

    name = serializers.SerializerMethodField(
        help_text="Its title in the language of the response, else a title formed from "
        "its facts in that language, else its title in another language."
    )
    name_is_formed = serializers.SerializerMethodField(
        help_text="The name was formed from facts: no source or editor wrote it."
    )

    def get_title_countries(self, record) -> Iterable[Country | None]:
        """Return the countries outside the links that a formed title may name."""
        return ()

    def get_name(self, record) -> str:
        return self.get_localized_text("name", self._get_title(record))

    def get_name_is_formed(self, record) -> bool:
        return self._get_title(record).is_formed

    def _get_title(self, record) -> LocalizedText:
        return record_title(
            record,
            self.context["language"],
            self.get_title_countries(record),
            links=self.context["links"][record.pk],
        )
