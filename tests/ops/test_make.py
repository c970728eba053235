"""``make`` on a machine that is not ready: one sentence that says what to do, and nothing half made."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = [
    "env",
    "id",
    "timeout",
    "chmod",
    "bash",
    "make",
    "dirname",
    "basename",
    "grep",
    "sed",
    "cat",
    "rm",
    "expand",
    "tail",
]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout's Makefile and scripts, and a PATH with everyday tools but no Python."""
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "deploy" / "local", checkout / "deploy" / "local")
    for name in ("Makefile", "requirements.lock"):
        shutil.copy(ROOT / name, checkout / name)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (tmp_path / "bin" / tool).symlink_to(found)
    return tmp_path


def add_tool(machine: Path, name: str, script: str) -> None:
    file = machine / "bin" / name
    file.unlink(missing_ok=True)
    file.write_text(f"#!{machine / 'bin' / 'bash'}\n{script}\n")
    file.chmod(0o755)


def make_run(machine: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "run"],
        cwd=machine / "checkout",
        env={"PATH": str(machine / "bin"), "LANG": os.environ.get("LANG", "C.UTF-8")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What make printed, but for its own closing words about the recipe."""
    return [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("make")]


def test_python_is_too_old(machine: Path) -> None:
    add_tool(machine, "python3", 'case "$2" in *print*) echo 3.9 ;; *) exit 1 ;; esac')
    done = make_run(machine)
    assert done.returncode == 2
    (line,) = said(done)
    assert "3.11" in line
    assert "3.9" in line
    assert not (machine / "checkout" / ".venv").exists()


def test_there_is_no_python(machine: Path) -> None:
    done = make_run(machine)
    assert done.returncode == 2
    (line,) = said(done)
    assert "apt install python3" in line


def test_debian_without_python3_venv(machine: Path) -> None:
    add_tool(machine, "python3", 'case "$2" in *ensurepip*) exit 1 ;; *) exit 0 ;; esac')
    done = make_run(machine)
    assert done.returncode == 2
    (line,) = said(done)
    assert "apt install python3-venv" in line
    assert not (machine / "checkout" / ".venv").exists()


def test_a_version_manager_s_stub_is_passed_over(machine: Path) -> None:
    add_tool(machine, "python3.13", 'echo "python3.13: command not found" >&2; exit 127')
    add_tool(machine, "python3", 'case "$2" in *print*) echo 3.9 ;; *) exit 1 ;; esac')
    (line,) = said(make_run(machine))
    assert "3.9" in line


def test_an_old_interpreter_reads_the_entry_point(tmp_path: Path) -> None:
    """The module that says "too old" must itself be readable by what is too old."""
    import ast

    for name in (
        "cms/__init__.py",
        "cms/__main__.py",
        "cms/supervisor/__init__.py",
        "cms/supervisor/strings.py",
    ):
        ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 7))


def find_chromium(machine: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "deploy/local/chromium.sh"],
        cwd=machine / "checkout",
        env={"PATH": str(machine / "bin"), **more},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_chromium_that_is_there_is_used(machine: Path) -> None:
    add_tool(machine, "chromium-browser", "exit 0")
    done = find_chromium(machine)
    assert done.stdout.strip() == str(machine / "bin" / "chromium-browser")


def test_root_gets_a_chromium_from_debian(machine: Path) -> None:
    add_tool(machine, "id", "echo 0")
    new = machine / "bin" / "chromium"
    add_tool(machine, "apt-get", f'case "$*" in *install*) echo "#!/bin/sh" >{new}; chmod +x {new} ;; esac')
    done = find_chromium(machine, CI="true")
    assert done.returncode == 0
    assert done.stdout.strip() == str(new)
    assert "apt-get" in done.stderr


def test_without_a_chromium_a_person_may_go_on_but_ci_may_not(machine: Path) -> None:
    add_tool(machine, "id", "echo 1000")
    alone = find_chromium(machine)
    assert (alone.returncode, alone.stdout) == (0, "")
    ci = find_chromium(machine, CI="true")
    assert ci.returncode == 1
    assert "Chromium" in ci.stderr
