"""A province with a department and two wards, and somebody in each."""

from dataclasses import dataclass

import pytest

from cms.users.enums import UnitKind
from cms.users.models import Unit
from tests import factories


@dataclass(frozen=True)
class Tree:
    """The units of a small province."""

    province: Unit
    department: Unit
    division: Unit
    ward: Unit
    other_ward: Unit


@pytest.fixture
def tree(site: None) -> Tree:
    """Province → department → division, and two wards."""
    from cms.users import units

    department = factories.unit("Sở Khoa học và Công nghệ", UnitKind.DEPARTMENT)
    return Tree(
        province=units.province(),
        department=department,
        division=factories.unit("Phòng Chuyển đổi số", UnitKind.DIVISION, department),
        ward=factories.unit("Phường Bình Minh"),
        other_ward=factories.unit("Xã Hòa An", UnitKind.COMMUNE),
    )
