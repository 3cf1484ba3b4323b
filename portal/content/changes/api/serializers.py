from rest_framework import serializers

from portal.content.changes.models import Change


class ChangeSerializer(serializers.ModelSerializer):
    """A publication, update or withdrawal of a public record."""

    position = serializers.IntegerField()
    revision = serializers.IntegerField()

    class Meta:
        model = Change
        fields = ("position", "kind", "code", "action", "revision", "changed_at")
