"""Every variable that is read is documented, and nothing else is."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
DOCUMENTED = set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))
# Read, but not ours to document: the language's, the tools' and the server interface's own.
FOREIGN = {
    "PATH",
    "HOME",
    "LANG",
    "PYTHONPATH",
    "PYTEST_XDIST_WORKER",
    "PATH_INFO",
    "QUERY_STRING",
    "REQUEST_METHOD",
}
# The test suite's (README.md), never an installation's.
FOREIGN |= {"TEST_DATABASE_URL", "TEST_DATABASE_NAME", "TMPDIR"}


def variables_read() -> set[str]:
    names: set[str] = set()
    folders = [ROOT / name for name in ("cms", "publishers", "media", "warnings")]
    for file in [*(one for folder in folders for one in folder.rglob("*.py")), ROOT / "manage.py"]:
        text = file.read_text(encoding="utf-8")
        names |= set(re.findall(r"\benv\.\w+\(\s*[\"']([A-Z0-9_]+)[\"']", text))
        names |= set(re.findall(r"\benviron(?:\.get\(|\.setdefault\(|\[)\s*[\"']([A-Z0-9_]+)[\"']", text))
        names |= set(re.findall(r"\bgetenv\(\s*[\"']([A-Z0-9_]+)[\"']", text))
        names |= set(re.findall(r"\b_port\(environ, [\"']([A-Z0-9_]+)[\"']", text))
    # A WSGI application reads the visitor's headers under such names.
    names -= {name for name in names if name.startswith("HTTP_")}
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    names |= set(re.findall(r"\$\{([A-Z0-9_]+)", compose))
    for script in (ROOT / "deploy" / "local").glob("*.sh"):
        names |= set(re.findall(r"\$\{([A-Z][A-Z0-9_]+)", script.read_text(encoding="utf-8")))
    return names - FOREIGN


def test_the_example_names_every_variable() -> None:
    assert variables_read() - DOCUMENTED == set()


def test_the_example_names_no_variable_that_nothing_reads() -> None:
    assert DOCUMENTED - variables_read() == set()


def test_the_manual_points_at_variables_that_exist() -> None:
    manual = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`", manual))
    assert named - DOCUMENTED - FOREIGN == set()
