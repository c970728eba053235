"""The tree of units, and what became of those that no longer exist."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.users.enums import STANDS_UNDER, UnitKind


class UnitQuerySet(models.QuerySet["Unit"]):
    """Units by whether they still exist."""

    def existing(self) -> "UnitQuerySet":
        """Without those merged into another."""
        return self.filter(merger__isnull=True)


class Unit(models.Model):
    """A province, department, division, commune, ward or special zone that takes part in the campaign."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    code = models.CharField(
        _("code"),
        max_length=20,
        blank=True,
        help_text=_("The short name or code used in documents, for example PA05."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind.choices, default=UnitKind.OTHER)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("superior unit"),
    )
    path = models.CharField(max_length=400, default="", blank=True, editable=False, db_index=True)
    """The ids from the root to this unit, each with a slash after it: a subtree is a prefix."""
    collection = models.OneToOneField(
        "wagtailcore.Collection",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="unit",
    )
    """Where the images and documents of this unit are kept."""

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="unit_codes_are_unique",
                condition=~Q(code=""),
                violation_error_message=_("Another unit has this code."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """0 for the province."""
        return max(0, self.path.count("/") - 1)

    def subtree(self) -> UnitQuerySet:
        """This unit and all below it."""
        return Unit.objects.filter(path__startswith=self.path)

    def clean(self) -> None:
        """The rules of the tree, each with a message at its field."""
        super().clean()
        kind = UnitKind(self.kind) if self.kind in UnitKind.values else None
        if kind is None:
            return
        if self.parent is None:
            others = Unit.objects.filter(parent__isnull=True).exclude(pk=self.pk)
            if others.exists():
                raise ValidationError(
                    {"parent": _("Choose the unit above this one. Only the province has none.")}
                )
            return
        if kind is UnitKind.PROVINCE:
            raise ValidationError({"kind": _("A province stands at the top: it has no superior unit.")})
        if self.parent.pk == self.pk or (self.pk and self.path and self.parent.path.startswith(self.path)):
            raise ValidationError({"parent": _("A unit cannot stand under itself or under a unit below it.")})
        if UnitMerge.objects.filter(source=self.parent).exists():
            raise ValidationError({"parent": _("This unit was merged into another. Choose its successor.")})
        above = UnitKind(self.parent.kind)
        if above not in STANDS_UNDER[kind]:
            raise ValidationError(
                {
                    "parent": gettext(
                        "“%(kind)s” cannot stand under “%(above)s”. Choose another superior unit."
                    )
                    % {"kind": kind.label, "above": above.label}
                }
            )

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Also keeps the path right, here and in everything below."""
        super().save(*args, **kwargs)
        above = Unit.objects.values_list("path", flat=True).get(pk=self.parent_id) if self.parent_id else ""
        before, self.path = self.path, f"{above}{self.pk}/"
        if before == self.path:
            return
        if before:
            below = Unit.objects.filter(path__startswith=before).exclude(pk=self.pk)
            below.update(path=Concat(Value(self.path), Substr("path", len(before) + 1)))
        Unit.objects.filter(pk=self.pk).update(path=self.path)


class UnitMerge(models.Model):
    """A unit went into another: on which day, by which decision, and what moved with it. Never changed."""

    source = models.OneToOneField(
        Unit, on_delete=models.PROTECT, related_name="merger", verbose_name=_("merged unit")
    )
    into = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="absorbed", verbose_name=_("successor")
    )
    on = models.DateField(_("in force from"))
    decision = models.CharField(_("number of the decision"), max_length=80)
    moved = models.JSONField(default=dict)
    """What moved: label of the model → how many."""
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("merger of units")
        verbose_name_plural = _("mergers of units")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_unit_does_not_merge_into_itself", condition=~Q(source=models.F("into"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.into}"
