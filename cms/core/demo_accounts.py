"""The accounts of the demonstration: known to everybody, so they exist only where demo content is loaded."""

from typing import Final, NamedTuple


class DemoAccount(NamedTuple):
    """One demo user: sign-in name, key of a role in ``cms.users.roles.Role``, full name in Vietnamese."""

    username: str
    role: str
    full_name: str


DEMO_PASSWORD: Final = "keng-demo-2026"  # noqa: S105  printed on the terminal, refused in production
DEMO_ACCOUNTS: Final = (
    DemoAccount("bientap", "editor", "Nguyễn Thị Lan"),
    DemoAccount("pheduyet", "approver", "Trần Văn Minh"),
    DemoAccount("quantri", "administrator", "Lê Hoàng Nam"),
)
