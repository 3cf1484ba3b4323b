"""``__in`` lookup for integers that ignores values outside the column's range."""

from django.db.models.lookups import In


class BoundedIntegerIn(In):
    """``__in`` lookup that drops integers outside the column's range.

    Django's ``exact`` lookup does the same for a single integer. Without it the
    database raises an error. Admin forms look up submitted keys with ``__in``, also
    when an invalid form is displayed again.
    """

    def process_rhs(self, compiler, connection):
        if self.rhs_is_direct_value():
            internal_type = self.lhs.output_field.get_internal_type()
            low, high = connection.ops.integer_field_range(internal_type)
            self.rhs = [value for value in self.rhs if _is_in_range(value, low, high)]
        return super().process_rhs(compiler, connection)


def _is_in_range(value, low: int | None, high: int | None) -> bool:
    if not isinstance(value, int):
        return True
    return (low is None or value >= low) and (high is None or value <= high)
