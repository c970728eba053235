"""``python -m cms.supervisor.prepare STEP``: one step of the preparation, in a process that loads Django.

What it has to tell goes out as lines that begin with MARK; every other line is for people to read.
"""

import io
import json
import os
import sys
from typing import Any, Final

MARK: Final = "\x1e"


def tell(event: str, **values: Any) -> None:
    """One event for the supervisor."""
    sys.stdout.write(f"{MARK}{json.dumps({'event': event, **values})}\n")
    sys.stdout.flush()


def heard(line: str) -> dict[str, Any] | None:
    """The event that ``line`` carries, or None."""
    if not line.startswith(MARK):
        return None
    try:
        event = json.loads(line.removeprefix(MARK))
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


def database() -> None:
    """Bring the tables up to date, then the site tree, the groups and the workflow."""
    from django.core.management import call_command
    from django.core.management.commands.migrate import Command as Migrate
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    total = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))

    class CountingMigrate(Migrate):
        done = 0

        def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
            if action == "apply_success":
                self.done += 1
                tell("migrating", done=self.done, total=total)

    # Its findings go to stderr; that there are none is no news.
    call_command("check", stdout=io.StringIO())
    call_command(CountingMigrate(), interactive=False, verbosity=0)
    tell("migrated", total=total)
    call_command("setup_site")
    tell("site")


def static() -> None:
    """Gather and compress what browsers fetch."""
    from django.contrib.staticfiles.management.commands.collectstatic import Command as CollectStatic
    from django.core.management import call_command

    # Called only when something changed; whitenoise then writes the manifest the pages look into.
    command = CollectStatic()
    call_command(command, interactive=False, verbosity=0)
    tell("static", count=len(command.copied_files) + len(command.unmodified_files))


def demo() -> None:
    """Load the demo content."""
    from django.core.management import call_command

    call_command("load_demo")
    call_command("load_information", "--demo")
    call_command("load_demo_tips")


STEPS: Final = {"database": database, "static": static, "demo": demo}


def main(arguments: list[str]) -> None:
    """Run the step that is named."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.embedded")
    django.setup()
    STEPS[arguments[0]]()


if __name__ == "__main__":
    main(sys.argv[1:])
