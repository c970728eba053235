"""People, the units they work for, and the roles they hold there."""

from cms.users.models.delegations import Delegation
from cms.users.models.memberships import Membership, RoleRequest
from cms.users.models.people import User
from cms.users.models.units import Unit, UnitMerge

__all__ = ["Delegation", "Membership", "RoleRequest", "Unit", "UnitMerge", "User"]
