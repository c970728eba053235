"""What a person needs to know once everything runs."""

import shlex

from cms.core.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from cms.supervisor import strings
from cms.supervisor.console import seconds
from cms.supervisor.installation import CODE_ROOT, EMBEDDED_SETTINGS, Installation, is_checkout

_INVITE = (
    'invite quantri --role administrator --last-name "Nguyễn Văn" --first-name An --email an@example.gov.vn'
)


def bottom_line(installation: Installation, *, demo: bool) -> str:
    """The short form that stays on a terminal when the box has scrolled away."""
    shown = strings.BOTTOM_LINE_DEMO if demo else strings.BOTTOM_LINE
    users = ", ".join(account.username for account in DEMO_ACCOUNTS)
    return shown.format(
        url=installation.public_url, users=users, password=DEMO_PASSWORD, stop=strings.STOP_HINT
    )


def lines(installation: Installation, *, took: float, demo: bool) -> list[str]:
    """The content of the box; ``took`` in seconds."""
    rows = [
        (strings.PORTAL, f"{installation.public_url}/"),
        (strings.ADMIN, f"{installation.public_url}/admin/"),
    ]
    if installation.has_sandbox:
        rows.append((strings.SANDBOX, f"{installation.sandbox_url}/"))
    width = max(len(name) for name, _ in rows)
    shown = [strings.READY.format(seconds=seconds(took)), ""]
    shown += [f"{name:<{width}}  {url}" for name, url in rows]
    if not installation.has_sandbox:
        shown.append(strings.NO_SANDBOX)
    shown.append("")
    if demo:
        shown.append(strings.DEMO_ACCOUNTS.format(password=DEMO_PASSWORD))
        longest = max(len(account.username) for account in DEMO_ACCOUNTS)
        shown += [
            f"  {account.username:<{longest}}  {strings.ROLES[account.role]} ({account.full_name})"
            for account in DEMO_ACCOUNTS
        ]
        if installation.is_exposed:
            shown.append(strings.EXPOSED_DEMO)
    else:
        shown.append(strings.NO_DEMO.format(command=_create_administrator(installation)))
    return [*shown, "", strings.STOP_HINT]


def _create_administrator(installation: Installation) -> str:
    """The command line that makes the first account in this very data folder; its link asks for the password."""
    environ = f"VAR_DIR={shlex.quote(str(installation.var_dir))} "
    if not is_checkout():
        return f"{environ}DJANGO_SETTINGS_MODULE={EMBEDDED_SETTINGS} python -m django {_INVITE}"
    moved = installation.var_dir != CODE_ROOT / "var"
    return f"{environ if moved else ''}.venv/bin/python manage.py {_INVITE}"
