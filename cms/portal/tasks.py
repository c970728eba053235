"""What workers do for the portal besides deliveries."""

from django_tasks import task

from cms.portal import bake


@task(backend="delivery")
def rebuild_portal() -> None:
    """Renew every finished file: after a change of the agency's data, and once a day for expiry dates."""
    bake.bake_everything()
