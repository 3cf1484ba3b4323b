"""Numbers that no column holds, wherever rows are looked up by several of them."""

from django.db.models.fields import IntegerField
from django.db.models.lookups import In


class IntegerIn(In):
    """``__in`` as Django has it for a single number: what is too large is in no row.

    A database refuses such a number instead, and the forms of the desk look up by it
    what was sent to them, also when they are shown again with their errors.
    """

    def process_rhs(self, compiler, connection):
        if self.rhs_is_direct_value():
            kind = self.lhs.output_field.get_internal_type()
            low, high = connection.ops.integer_field_range(kind)
            self.rhs = [one for one in self.rhs if _is_between(one, low, high)]
        return super().process_rhs(compiler, connection)


def _is_between(value, low: int | None, high: int | None) -> bool:
    if not isinstance(value, int):
        return True
    return (low is None or value >= low) and (high is None or value <= high)


def register() -> None:
    """Let every lookup of whole numbers by ``__in`` be this one."""
    IntegerField.register_lookup(IntegerIn)
