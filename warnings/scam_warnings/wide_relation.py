"""A many-to-many field kept in the draft, fit for thousands of related rows: a warning may go to 2,000 channels.

modelcluster's own looks up each row in a list: every save of such a page would compare millions of pairs,
inside the transaction that publishes it.
"""

from typing import Any

from django.db import IntegrityError
from django.utils.functional import cached_property

from modelcluster.fields import ParentalManyToManyDescriptor, ParentalManyToManyField


class _Descriptor(ParentalManyToManyDescriptor):
    @cached_property
    def child_object_manager_cls(self) -> Any:
        deferring: Any = ParentalManyToManyDescriptor.child_object_manager_cls.func(self)
        name = self.rel.field.name

        class WideManager(deferring):
            def commit(self) -> None:
                """Write what the draft holds; one query to compare, one for each side that differs."""
                if not self.instance.pk:
                    raise IntegrityError(f"Cannot commit relation {name!r} on an unsaved model")
                draft = getattr(self.instance, "_cluster_related_objects", {})
                if name not in draft:
                    return
                original = self.get_original_manager()
                wanted = {row.pk: row for row in draft[name]}
                stored = set(original.values_list("pk", flat=True).order_by())
                if gone := stored - wanted.keys():
                    original.remove(*gone)
                if added := [row for pk, row in wanted.items() if pk not in stored]:
                    original.add(*added)
                # From here on the relation is read from the database again.
                del draft[name]

        return WideManager


class WideManyToManyField(ParentalManyToManyField):
    """``ParentalManyToManyField`` whose cost grows with the number of rows, not with its square."""

    related_accessor_class = _Descriptor

    def deconstruct(self) -> Any:
        """The same field to a migration: the database does not differ."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "modelcluster.fields.ParentalManyToManyField", args, kwargs
