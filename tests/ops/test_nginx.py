"""nginx and Django say the same about a page; what nginx's files refer to exists."""

import os
import re
import subprocess
import sys
from pathlib import Path

from cms.portal import finished
from cms.portal.bake import ENCODINGS
from cms.portal.headers import FOREVER, page_cache_control

ROOT = Path(__file__).resolve().parents[2]
NGINX = ROOT / "deploy" / "nginx"
PORTAL = (NGINX / "keng" / "portal.conf").read_text(encoding="utf-8")


def dummy_production(var_dir: Path) -> dict[str, str]:
    """The environment in which production settings load without a site behind them."""
    pairs = re.findall(
        r"^([A-Z_]+)=(.*)$",
        (ROOT / "deploy/local/dummy-production.env").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return {"PATH": os.environ["PATH"], "VAR_DIR": str(var_dir), "PYTHONPATH": ".:warnings", **dict(pairs)}


def test_finished_pages_carry_the_headers_of_the_settings(tmp_path: Path) -> None:
    printed = subprocess.run(
        [sys.executable, "deploy/nginx/headers.py", "--print"],
        cwd=ROOT,
        env=dummy_production(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    assert "Content-Security-Policy" in printed
    names = ("headers.conf", "headers-framed.conf", "types.conf")
    assert "".join((NGINX / "keng" / name).read_text(encoding="utf-8") for name in names) == printed


def test_lifetimes_are_the_portal_s() -> None:
    assert set(re.findall(r'Cache-Control "(public[^"]+)"', PORTAL)) == {page_cache_control(), FOREVER}


def test_compressed_siblings_are_used() -> None:
    assert "gzip" in ENCODINGS
    assert "gzip_static on;" in PORTAL
    assert "brotli_static on;" in (NGINX / "keng" / "brotli.conf").read_text(encoding="utf-8")


def test_every_included_file_is_there() -> None:
    for file in NGINX.rglob("*.conf"):
        for included in re.findall(r"include /etc/nginx/(keng/\S+);", file.read_text(encoding="utf-8")):
            # Written as a pattern: the file may be missing on a machine.
            assert (NGINX / included.replace("[.]", ".")).is_file(), f"{file.name}: {included}"


def test_a_location_with_its_own_headers_repeats_the_security_headers() -> None:
    # nginx drops the outer add_header lines as soon as a block has one of its own.
    for block in re.findall(r"location [^{]+\{(.*?)\n\}", PORTAL, re.DOTALL):
        if "add_header" in block:
            assert re.search(r"headers(-framed)?\.conf", block)


def test_only_addresses_that_a_page_can_have_reach_the_disk() -> None:
    patterns = re.findall(r"location ~ (\^\S+\$) \{\n[^}]*?(?:\}\n[^}]*)??try_files", PORTAL)
    assert len(patterns) == 9
    for hostile in (
        "/.lock",
        "/canh-bao/.part-x",
        "/index.html",
        "/canh-bao/index.html.gz",
        "/../secret",
        "/a//../b/",
    ):
        assert not any(re.fullmatch(pattern.strip("^$"), hostile) for pattern in patterns), hostile


def test_nginx_and_the_application_server_know_the_same_addresses() -> None:
    # The application server has one pattern for pages and data, nginx one for each.
    data = re.search(r"location ~ \^/(\S+\\\.\(\?:xml\|txt\S+)\$ \{", PORTAL)
    assert data is not None
    assert data[1].removeprefix("(?:[a-z0-9-]+/)*") == finished._PAGE.pattern.removeprefix(
        "/(?:[a-z0-9-]+/)*(?:"
    ).removesuffix(")?")
