"""The repository's shape: the standard library's ``warnings`` stays its own, and the tree keeps its rules."""

import ast
import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.checks import run_checks
from django.test import override_settings

import polib
import pytest

ROOT = Path(__file__).resolve().parents[1]
STDLIB = Path(sysconfig.get_path("stdlib")).resolve()
PRINT = "import warnings; print('loaded from', warnings.__file__)"
NOT_OURS = {".git", ".venv", "var", "dist", "__pycache__", "node_modules"}
CACHES = re.compile(r"\.(?:pytest|mypy|ruff|import_linter)_cache|\.hypothesis")


def product_files() -> Iterator[Path]:
    """Every file that is, or will be, in the repository."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not CACHES.fullmatch(name)]
        yield from (Path(folder, name) for name in names)


def environment(var_dir: Path, **more: str) -> dict[str, str]:
    """A new terminal's environment: nothing of the test run's, so nothing helps the import along."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "DJANGO_SETTINGS_MODULE": "cms.settings.embedded", "VAR_DIR": str(var_dir), **more}


def run(*command: str | Path, env: dict[str, str], cwd: Path = ROOT) -> str:
    """Output of ``command`` in a fresh process; a failure shows all of it."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def assert_standard(output: str) -> None:
    found = re.search(r"loaded from (\S+)", output)
    assert found, output
    assert Path(found[1]).resolve().is_relative_to(STDLIB), output


def test_warnings_is_a_plain_folder() -> None:
    assert (ROOT / "warnings" / "scam_warnings" / "__init__.py").is_file()
    assert not (ROOT / "warnings" / "__init__.py").exists()


def test_the_guard_would_see_an_intruder(tmp_path: Path) -> None:
    (tmp_path / "warnings").mkdir()
    (tmp_path / "warnings" / "__init__.py").write_text("")
    output = run(sys.executable, "-c", PRINT, env=environment(tmp_path), cwd=tmp_path)
    assert f"loaded from {tmp_path}" in output


def test_python_c(tmp_path: Path) -> None:
    assert_standard(run(sys.executable, "-c", PRINT, env=environment(tmp_path)))


def test_manage_py(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", PRINT]
    assert_standard(run(*command, env=environment(tmp_path)))


def test_python_m_cms(tmp_path: Path) -> None:
    # -v names the file behind every module; unlike -W it does not load warnings any earlier.
    output = run(sys.executable, "-v", "-m", "cms", "--help", env=environment(tmp_path))
    sources = re.findall(r"matches (\S*[/\\]warnings(?:\.py|[/\\]__init__\.py))\n", output)
    assert sources
    assert all(Path(source).resolve().is_relative_to(STDLIB) for source in sources)


def test_pytest(tmp_path: Path) -> None:
    probe = tmp_path / "test_probe.py"
    probe.write_text(f"def test_probe():\n    {PRINT}\n")
    command = [sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider", "-c", "pyproject.toml"]
    assert_standard(run(*command, "--rootdir", ROOT, probe, env=environment(tmp_path)))


def test_gunicorn(tmp_path: Path) -> None:
    config = tmp_path / "config.py"
    config.write_text(f"{PRINT}\n")
    env = environment(tmp_path, PYTHONPATH="warnings")
    command = [sys.executable, "-m", "gunicorn", "--check-config", "--config", config, "cms.wsgi"]
    assert_standard(run(*command, env=env))


@pytest.mark.slow
def test_granian_answers(tmp_path: Path) -> None:
    (tmp_path / "probe.py").write_text(
        "import warnings\n"
        "from cms.wsgi import application as real\n"
        "def application(environ, start_response):\n"
        "    if environ['PATH_INFO'] != '/probe':\n"
        "        return real(environ, start_response)\n"
        "    start_response('200 OK', [('Content-Type', 'text/plain')])\n"
        "    return [f'loaded from {warnings.__file__}'.encode()]\n"
    )
    env = environment(tmp_path, PYTHONPATH=os.pathsep.join([str(tmp_path), "warnings"]))
    with granian("probe:application", env) as address:
        assert_standard(fetch(f"{address}/probe"))
        assert '"ok"' in fetch(f"{address}/healthz")


@pytest.mark.slow
def test_loading_before_the_fork_leaves_no_thread_and_no_connection(tmp_path: Path) -> None:
    code = (
        "import threading; from cms import web; web.load(); "
        "from django.db import connections; "
        "print(threading.active_count(), [one.alias for one in connections.all() if one.connection])"
    )
    found = run(sys.executable, "-c", code, env=environment(tmp_path, PYTHONPATH="warnings"))
    assert found.strip().splitlines()[-1] == "1 []"


@contextmanager
def granian(application: str, env: dict[str, str]) -> Iterator[str]:
    """A server on a free port; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "cms.web", "--interface", "wsgi", "--port", str(port), application]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def fetch(address: str) -> str:
    """The body at ``address``, asked again until somebody answers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product's wheel, built and inspected as a release is."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    run(*build, env=environment(folder))
    built = next(folder.glob("keng-*.whl"))
    run(sys.executable, "deploy/local/wheel_content.py", built, env=environment(folder))
    return built


@pytest.mark.slow
def test_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    run(*pip, "--target", target, wheel, env=environment(tmp_path))
    env = environment(tmp_path / "var", PYTHONPATH=str(target))
    anywhere = Path(tmp_path.anchor)
    loaded = run(
        sys.executable,
        "-c",
        f"import scam_warnings; print(scam_warnings.__file__); {PRINT}",
        env=env,
        cwd=anywhere,
    )
    assert_standard(loaded)
    assert str(target / "scam_warnings") in loaded
    assert "no issues" in run(sys.executable, "-m", "django", "check", env=env, cwd=anywhere)
    assert "up" in run(sys.executable, "-m", "cms", "--help", env=env, cwd=anywhere)


def test_the_system_check_notices_an_intruder(tmp_path: Path) -> None:
    assert not [found for found in run_checks() if found.id == "keng.E001"]
    (tmp_path / "warnings").mkdir()
    (tmp_path / "warnings" / "__init__.py").write_text("")
    with override_settings(BASE_DIR=tmp_path):
        (error,) = [found for found in run_checks() if found.id == "keng.E001"]
    assert str(tmp_path) in str(error.msg)


def test_nothing_reads_the_folder_beside_the_repository() -> None:
    outside = "/".join(["..", "shared"])
    readers = [
        file.relative_to(ROOT).as_posix()
        for file in product_files()
        if file.suffix not in {".mo", ".ttf", ".woff2", ".png", ".jpg"}
        and outside in file.read_text(encoding="utf-8", errors="ignore")
    ]
    assert readers == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_name_hashes_and_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pinned = re.findall(
        r"^[a-z0-9][a-z0-9._-]*(?:\[[^\]]+\])?==\S+.*?(?=^[a-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL
    )
    assert len(pinned) > 40
    assert [entry.split("==")[0] for entry in pinned if "--hash=sha256:" not in entry] == []
    assert not re.search(r"https?:|file:|--(?:extra-)?index-url|--find-links|@ ", text)


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["production"]]
    for lock, names in {
        "requirements.lock": asked,
        "requirements-dev.lock": [*asked, *project["dependency-groups"]["dev"]],
    }.items():
        text = (ROOT / lock).read_text(encoding="utf-8")
        bare = [re.split(r"[\[<>=;! ]", name)[0] for name in names]
        assert [name for name in bare if not re.search(rf"^{re.escape(name)}==", text, re.MULTILINE)] == []


def catalogs() -> list[Path]:
    return sorted(file for file in product_files() if file.suffix == ".po")


@pytest.mark.parametrize("po", catalogs(), ids=lambda file: file.relative_to(ROOT).as_posix())
def test_compiled_catalogs_are_current(po: Path) -> None:
    compiled = po.with_suffix(".mo")
    assert compiled.is_file(), "run: make messages"

    def messages(entries: list[polib.POEntry] | list[polib.MOEntry]) -> dict[tuple[str, str], object]:
        return {(entry.msgctxt or "", entry.msgid): entry.msgstr or entry.msgstr_plural for entry in entries}

    assert messages(list(polib.mofile(str(compiled)))) == messages(
        polib.pofile(str(po)).translated_entries()
    ), "run: make messages"


def test_no_module_is_called_after_nothing() -> None:
    vague = {"utils", "helpers", "common", "misc"}
    modules = [file for file in product_files() if file.suffix == ".py"]
    named = [file for file in modules if {file.stem, *file.relative_to(ROOT).parts} & vague]
    assert [file.relative_to(ROOT).as_posix() for file in named] == []


def test_adapters_never_import_the_orm() -> None:
    """import-linter cannot forbid a part of Django, so the rule for django.db is held here."""
    found = []
    for file in (ROOT / "publishers" / "adapters").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found += [f"{file.name}: {name}" for name in names if name.split(".")[:2] == ["django", "db"]]
    assert found == []
