"""What a person needs to know once everything runs."""

from cms.core.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from cms.supervisor import strings
from cms.supervisor.console import seconds
from cms.supervisor.installation import Installation, is_checkout


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
        program = ".venv/bin/python manage.py" if is_checkout() else "python -m django"
        shown.append(strings.NO_DEMO.format(command=f"{program} createsuperuser"))
    return [*shown, "", strings.STOP_HINT]
