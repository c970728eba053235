"""Units get their province and their paths; who was in the group of a role holds that role in the province."""

from django.db import migrations
from django.utils import timezone

PROVINCE = "Toàn tỉnh"
ROLES = ("editor", "approver", "administrator")


def forwards(apps, schema_editor):
    Unit = apps.get_model("users", "Unit")
    User = apps.get_model("users", "User")
    Membership = apps.get_model("users", "Membership")
    holders = User.objects.filter(groups__name__in=ROLES).distinct()
    if not Unit.objects.exists() and not holders.exists():
        return
    tops = list(Unit.objects.filter(parent__isnull=True))
    province = Unit.objects.create(name=_free_name(Unit), kind="province")
    Unit.objects.filter(pk=province.pk).update(path=f"{province.pk}/")
    level = [(unit, f"{province.pk}/") for unit in tops]
    Unit.objects.filter(pk__in=[unit.pk for unit in tops]).update(parent=province)
    while level:
        following = []
        for unit, above in level:
            path = f"{above}{unit.pk}/"
            Unit.objects.filter(pk=unit.pk).update(path=path)
            following += [(child, path) for child in Unit.objects.filter(parent=unit)]
        level = following
    now = timezone.now()
    Membership.objects.bulk_create(
        Membership(user=user, unit=province, role=role, granted_at=now)
        for user in holders
        for role in user.groups.filter(name__in=ROLES).values_list("name", flat=True)
    )


def _free_name(Unit):
    taken = set(Unit.objects.values_list("name", flat=True))
    names = [PROVINCE, *(f"{PROVINCE} ({number})" for number in range(2, 1000))]
    return next(name for name in names if name not in taken)


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0002_units_and_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
