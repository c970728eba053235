"""People for every stage."""

from typing import Any

from django.test import Client
from django.urls import reverse

import pytest

from cms.editorial import approval
from cms.editorial.stages.lanes import ApprovalPath
from cms.users import units
from cms.users.models import User
from cms.users.roles import Role
from tests import factories


def signed_in(user: Any) -> Client:
    """A browser in which ``user`` has signed in."""
    client = Client()
    client.force_login(user)
    return client


def post_pass(state: Any, user: Any, **data: str) -> Any:
    """``user`` presses «Chuyển duyệt» on the page they see now."""
    seal = approval.under_review(state).seal
    return signed_in(user).post(
        reverse("editorial:review", args=[state.pk]), {"decision": "pass", "seal": seal, **data}
    )


def post_approve(state: Any, user: Any) -> Any:
    """``user`` presses «Duyệt và xuất bản» on the page they see now."""
    seal = approval.under_review(state).seal
    return signed_in(user).post(
        reverse("editorial:review", args=[state.pk]),
        {"decision": "approve", "seal": seal, "not_secret": "on"},
    )


@pytest.fixture
def hanh(site: None) -> User:
    """A reviewer."""
    return factories.user("hanh", Role.REVIEWER)


@pytest.fixture
def two_steps(site: None) -> ApprovalPath:
    """The province asks for a review of plain warnings."""
    return ApprovalPath.objects.create(unit=units.province(), severity="caution", stages="two")
