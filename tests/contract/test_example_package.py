"""The example package as an installation has it: built, installed beside the product, found by its entry point."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from publishers import registry

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs/examples/keng-example-publisher"
LIST = (
    "import django; django.setup()\n"
    "from publishers import registry\n"
    "from publishers.adapters.webhook.adapter import WebhookPublisher\n"
    "print(dict(registry.choices()).get('notice_board', 'no such kind'))\n"
    "print('usable:', 'notice_board' in registry.usable())\n"
    "print('account:', dict(registry.account_choices()).get('notice_board', 'none'))\n"
    "print('checked by:', registry.account_check('notice_board'))\n"
    "print('ours:', registry.adapter_class('webhook') is WebhookPublisher)\n"
)


def run(*command: str | Path, cwd: Path, var: Path, path: tuple[Path, ...] = ()) -> str:
    """Output of ``command`` in a process of its own, which finds the product and ``path``."""
    folders = (*path, ROOT, ROOT / "warnings")
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={
            **kept,
            "DJANGO_SETTINGS_MODULE": "cms.settings.test",
            "VAR_DIR": str(var),
            "PYTHONPATH": os.pathsep.join(map(str, folders)),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example: building writes beside the sources."""
    copy = tmp_path_factory.mktemp("example") / EXAMPLE.name
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return copy


@pytest.fixture(scope="module")
def installed(package: Path) -> Path:
    """A folder with what its wheel installs, metadata included. A pure wheel is installed by unpacking it."""
    site = package.parent / "site"
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--skip-dependency-check"]
    run(*build, "--outdir", package.parent, ".", cwd=package, var=package.parent / "var")
    (wheel,) = package.parent.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def test_the_registry_lists_the_kind_of_an_installed_package(installed: Path, tmp_path: Path) -> None:
    told = run(sys.executable, "-c", LIST, cwd=tmp_path, var=tmp_path / "var", path=(installed,))
    assert "Bảng tin điện tử của phường\nusable: True\naccount: Tài khoản bảng tin của phường\n" in told
    assert "checked by: <function check_account" in told
    assert "ours: True\n" in told


def test_without_the_package_there_is_no_such_kind() -> None:
    assert "notice_board" not in registry.kinds()
    assert "notice_board" not in registry.accounts()


@pytest.mark.slow
def test_its_own_tests_pass_against_the_installed_package(
    installed: Path, package: Path, tmp_path: Path
) -> None:
    # Only what was installed may be found, not the sources next to the tests.
    (package / "src").rename(package / "src-unused")
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        told = run(*command, cwd=package, var=tmp_path / "var", path=(installed,))
    finally:
        (package / "src-unused").rename(package / "src")
    passed = re.search(r"(\d+) passed", told)
    assert passed, told
    # The contract's failures at every step, not a handful of tests of its own.
    assert int(passed[1]) > 200, told
