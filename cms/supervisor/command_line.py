"""The verbs of ``python -m cms``."""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from cms.supervisor import parts, record, strings
from cms.supervisor.console import Console
from cms.supervisor.installation import (
    EMBEDDED_SETTINGS,
    PRODUCTION_SETTINGS,
    CannotStart,
    Installation,
    child_environment,
    create_folder,
    from_environment,
    import_path,
)
from cms.supervisor.stand_in import standing_in


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CannotStart(strings.BAD_ARGUMENTS.format(detail=" ".join(sys.argv[1:]) or message))

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", strings.USAGE, 1)


def run(arguments: Sequence[str]) -> int:
    """Carry out the verb; returns the exit code. 2 means that a line on stderr says what to do first."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
    try:
        parser = _parser()
        verb = parser.parse_args(arguments).verb
        if verb is None:
            parser.print_help()
            return 2
        if verb == "up":
            from cms.supervisor.up import up

            return up()
        return _alone(verb, os.environ)
    except CannotStart as reason:
        sys.stderr.write(f"{reason}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=strings.PROGRAM,
        description=strings.DESCRIPTION,
        epilog=strings.EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    options = parser.add_argument_group(strings.HELP_OPTIONS)
    options.add_argument("-h", "--help", action="help", help=strings.HELP_HELP)
    verbs = parser.add_subparsers(
        title=strings.HELP_COMMANDS, dest="verb", metavar="up|demo|web|worker|watch|sandbox"
    )
    for name, text in (
        ("up", strings.HELP_UP),
        ("demo", strings.HELP_DEMO),
        ("web", strings.HELP_WEB),
        ("worker", strings.HELP_WORKER),
        ("watch", strings.HELP_WATCH),
        ("sandbox", strings.HELP_SANDBOX),
    ):
        verbs.add_parser(name, help=text, description=text, add_help=False)
    return parser


def _alone(verb: str, environ: Mapping[str, str]) -> int:
    """Run one part: in place of this process, except for what ends by itself."""
    installation = from_environment(environ)
    if environ.get("DJANGO_SETTINGS_MODULE") == PRODUCTION_SETTINGS:
        if verb == "sandbox":
            raise CannotStart(strings.SANDBOX_IN_PRODUCTION)
        child = {**environ, "PYTHONPATH": import_path(environ), "PYTHONUNBUFFERED": "1"}
    else:
        known = record.load(installation.var_dir, demo=True if verb == "demo" else installation.demo)
        demo = known.shows_demo and (verb == "demo" or installation.demo is not False)
        child = child_environment(installation, environ, demo=demo)
        child["DJANGO_SETTINGS_MODULE"] = environ.get("DJANGO_SETTINGS_MODULE") or EMBEDDED_SETTINGS
        create_folder(installation.var_dir)
    if verb == "demo":
        return _demo(installation, child)
    mail = installation.takes_mail(demo=child.get("KENG_DEMO") == "1")
    command = {
        "web": parts.web(environ, host=installation.host, port=installation.port),
        "worker": parts.worker(),
        "watch": parts.watch(),
        "sandbox": parts.sandbox(installation, mail=mail),
    }[verb]
    return _become(command, child)


def _become(command: list[str], environ: Mapping[str, str]) -> NoReturn:
    os.execve(command[0], command, environ)  # noqa: S606


def _demo(installation: Installation, environ: dict[str, str]) -> int:
    with standing_in(installation, environ, Console()):
        code = 0
        for command in (("load_demo",), ("load_information", "--demo")):
            code = code or subprocess.run(parts.django(*command), env=environ, check=False).returncode
    if code == 0:
        known = record.load(installation.var_dir, demo=True)
        known.demo = record.LOADED
        known.save(installation.var_dir)
    return code
