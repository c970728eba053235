"""What workers do for standing content."""

from django_tasks import task

from cms.information import section
from cms.information.models import Edition
from cms.portal import bake


@task(backend="delivery")
def renew_item(edition_id: int) -> None:
    """Write the finished files that an edition changes; should the task be lost, the hourly renewal does it."""
    edition = Edition.objects.filter(pk=edition_id).first()
    if edition is not None:
        bake.bake_paths(section.paths_of(edition))
        if section.changes_every_page(edition):
            bake.bake_everything()
