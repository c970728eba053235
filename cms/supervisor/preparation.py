"""Runs the steps of the preparation that are needed, and shows how far they are."""

import re
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from cms.supervisor import record, strings
from cms.supervisor.child import end_group, launch, relay
from cms.supervisor.console import Console, seconds
from cms.supervisor.installation import CODE_ROOT, Installation
from cms.supervisor.prepare import heard
from cms.supervisor.stand_in import standing_in

_PLAIN_EVERY: Final = 25  # migrations between two lines where no line can update itself
_COUNTED: Final = re.compile(r"\d+/\d+ ")


class StepFailed(Exception):
    """A step ended with an error; the text says which."""


class Interrupted(Exception):
    """Somebody asked to stop."""


def prepare(
    installation: Installation,
    environ: Mapping[str, str],
    console: Console,
    interrupted: Callable[[], bool],
    known: record.Record,
) -> None:
    """Do what is not done yet. Raises StepFailed or Interrupted; what was finished stays finished."""
    var_dir = installation.var_dir
    code = record.code_fingerprint(installation.public_url)
    assets = record.static_fingerprint()
    applied = record.migrations_fingerprint(var_dir / record.DATABASE)
    first_time = not applied
    known.save(var_dir)

    steps: list[Step] = []
    if not applied or known.migrations != applied or known.code != code:
        steps.append(Step("database", environ, console))
    if known.static != assets or not (var_dir / "static" / "staticfiles.json").is_file():
        steps.append(Step("static", environ, console))
    if not steps and known.demo != record.WANTED:
        console.line(strings.UP_TO_DATE)
        return
    if first_time:
        console.line(strings.FIRST_START)

    run(steps, console, interrupted)
    for step in steps:
        if step.name == "database":
            known.code, known.migrations = code, record.migrations_fingerprint(var_dir / record.DATABASE)
        else:
            known.static = assets
    known.save(var_dir)
    # Last, because rendering needs the manifest of the static files.
    if known.demo == record.WANTED:
        with standing_in(installation, environ, console):
            run([Step("demo", environ, console)], console, interrupted)
        known.demo = record.LOADED
        known.save(var_dir)


class Step:
    """One step in a process of its own."""

    def __init__(self, name: str, environ: Mapping[str, str], console: Console) -> None:
        self.name = name
        self.progress = ""
        self._environ = environ
        self._console = console
        self._since = 0.0

    def start(self) -> None:
        """Begin."""
        self._since = time.monotonic()
        if self.name == "demo":
            self._console.line(strings.DEMO_STARTED)
        command = [sys.executable, "-m", "cms.supervisor.prepare", self.name]
        # Every page and e-mail that is made would be a line otherwise.
        quiet = {**self._environ, "LOG_LEVEL": self._environ.get("LOG_LEVEL") or "WARNING"}
        self._process = launch(command, quiet, working_folder())
        self._pump = relay(self._process, self._take)
        if self.name == "static":
            self.progress = strings.STATIC_STARTED
            if not self._console.interactive:
                self._console.line(strings.STATIC_STARTED)

    def running(self) -> bool:
        """True until it ended. Raises StepFailed when it ended badly."""
        code = self._process.poll()
        if code is None:
            return True
        self._pump.join(timeout=5)
        self.progress = ""
        if code:
            raise StepFailed(strings.STEP_FAILED.format(step=strings.STEP_NAMES[self.name], code=code))
        return False

    def announce(self) -> None:
        """Say that it is done, where its events did not."""
        if self.name == "demo":
            self._console.line(strings.DEMO_DONE.format(seconds=self._elapsed()))

    def abort(self) -> None:
        """End it at once: every step can be run again."""
        end_group(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _elapsed(self) -> str:
        return seconds(time.monotonic() - self._since)

    def _take(self, line: str) -> None:
        event = heard(line)
        if event is None:
            self._pass_on(line)
            return
        match event.get("event"):
            case "migrating":
                self._migrating(event)
            case "migrated":
                text = strings.MIGRATED if event["total"] else strings.NOTHING_TO_MIGRATE
                self._console.line(text.format(total=event["total"], seconds=self._elapsed()))
                self.progress = strings.SITE_STARTED
            case "site":
                self._console.line(strings.SITE_DONE.format(seconds=self._elapsed()))
                self.progress = ""
            case "static":
                self._console.line(strings.STATIC_DONE.format(count=event["count"], seconds=self._elapsed()))
                self.progress = ""

    def _pass_on(self, line: str) -> None:
        if self._console.interactive and _COUNTED.match(line):
            self.progress = line
        elif line.strip():
            self._console.line(line, strings.PREPARE_LABEL)

    def _migrating(self, event: dict[str, Any]) -> None:
        self.progress = strings.MIGRATING.format(done=event["done"], total=event["total"])
        if not self._console.interactive and event["done"] % _PLAIN_EVERY == 0:
            self._console.line(self.progress)


def run(steps: list[Step], console: Console, interrupted: Callable[[], bool]) -> None:
    """Run ``steps`` side by side. Raises StepFailed (the others are ended too) or Interrupted."""
    for step in steps:
        step.start()
    waiting = list(steps)
    try:
        while waiting:
            if interrupted():
                raise Interrupted
            for step in list(waiting):
                if not step.running():
                    waiting.remove(step)
                    step.announce()
            console.status(" · ".join(step.progress for step in waiting if step.progress))
            time.sleep(0.1)
    finally:
        console.status("")
        for step in waiting:
            step.abort()


def working_folder() -> Path:
    """Where children run: the checkout, so that relative paths in the environment mean one thing."""
    return CODE_ROOT
