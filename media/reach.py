"""Images belong to the unit whose collection they lie in."""

from pathlib import Path
from typing import Any

from wagtail.images import get_image_model
from wagtail.permissions import register_permission_policy

from cms.core import uploads
from cms.users import guard, scope
from cms.users.policies import UnitCollectionPolicy, within_reach_of_files
from media import sealed


def register() -> None:
    """Say it once, when the application starts."""
    model = get_image_model()
    scope.hang(model, within=within_reach_of_files)
    policy = UnitCollectionPolicy(
        model, auth_model="wagtailimages.Image", owner_field_name="uploaded_by_user"
    )
    # For the exact class: Wagtail registers its own for the class, before or after this.
    register_permission_policy(model, policy, exact_class=True)
    guard.guard("wagtailimages:*", "image_id", model)
    guard.guard("wagtailimages_chooser:chosen", "pk", model)
    guard.guard("wagtailimages_chooser:select_format", "image_id", model)
    guard.guard_bulk("wagtailimages", "image", model)
    guard.guard_bulk(model._meta.app_label, model._meta.model_name, model)
    uploads.readable("original_images/", _sees_image)
    uploads.readable("images/", _sees_size)
    uploads.sealed_drafts(_draft)


def _sees_image(user: Any, path: str) -> bool:
    return scope.visible(get_image_model().objects.filter(file=path), user).exists()


def _sees_size(user: Any, path: str) -> bool:
    sizes = get_image_model().get_rendition_model().objects.filter(file=path)
    return scope.visible(get_image_model().objects.filter(pk__in=sizes.values("image")), user).exists()


def _draft(sha256: str) -> Path | None:
    try:
        return sealed.draft(sha256)
    except sealed.SealedFileDamaged:
        return None
