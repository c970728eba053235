"""The accounts of the demonstration: known to everybody, so they exist only where demo content is loaded."""

from typing import Final, NamedTuple


class DemoAccount(NamedTuple):
    """One demo user: sign-in name, key of a role in ``cms.users.roles.Role``, full name in Vietnamese, and the
    code of the unit the role is held in (empty: the province)."""

    username: str
    role: str
    full_name: str
    unit: str = ""


DEMO_PASSWORD: Final = "keng-demo-2026"  # noqa: S105  printed on the terminal, refused in production
DEMO_ACCOUNTS: Final = (
    DemoAccount("bientap", "editor", "Nguyễn Thị Lan"),
    DemoAccount("pheduyet", "approver", "Trần Văn Minh"),
    DemoAccount("quantri", "administrator", "Lê Hoàng Nam"),
)
# A reviewer, a second administrator, without whom nobody becomes an approver, and the people of a ward.
MORE_DEMO_ACCOUNTS: Final = (
    DemoAccount("thamdinh", "reviewer", "Vũ Thị Mai"),
    DemoAccount("quantri2", "administrator", "Bùi Thị Hạnh"),
    DemoAccount("phuong.soan", "editor", "Phạm Thị Thu", "PBM"),
    DemoAccount("phuong.duyet", "approver", "Đỗ Quang Huy", "PBM"),
)
