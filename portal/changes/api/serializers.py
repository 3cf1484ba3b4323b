from rest_framework import serializers

from portal.changes.models import Change


class ChangeSerializer(serializers.ModelSerializer):
    """One step in the public life of a record."""

    position = serializers.IntegerField()
    revision = serializers.IntegerField()

    class Meta:
        model = Change
        fields = ("position", "kind", "code", "action", "revision", "changed_at")
