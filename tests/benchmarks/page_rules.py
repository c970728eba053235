"""The Nu HTML checker on every finished page, and the grade of Mozilla's Observatory for its headers.

    npm install --ignore-scripts --prefix /tmp/tools vnu-jar @mdn/mdn-http-observatory
    python tests/benchmarks/page_rules.py --tools /tmp/tools --url http://127.0.0.1:8000

It walks the links of a running installation. The headers graded are those of the production settings (the
installation on trial speaks plain HTTP); the redirect to HTTPS, which the web server makes, is taken as given.
Needs java and node. Ends with 1 when something is wrong.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MOST = 300
HOST = "canhbao.example.gov.vn"
HEADERS = """
import json, django
django.setup()
from cms.portal.headers import security_headers
print(json.dumps(dict(security_headers())))
"""


def main() -> int:
    """Check and print; returns the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", type=Path, required=True, help="where npm installed the two packages")
    parser.add_argument("--url", required=True, help="a running installation")
    options = parser.parse_args()
    pages = walked(options.url)
    messages = html_messages(options.tools, pages)
    for message in messages:
        place = f"{message['url'].rpartition('/')[2]}:{message.get('lastLine', 0)}"
        print(f"{place} {message['type']} {message.get('subType', '')}: {message['message']}")
    print(f"Nu HTML checker: {len(pages)} pages, {len(messages)} errors and warnings")
    grade = observatory(options.tools, production_headers(), pages["/"])
    print(f"Observatory: {grade['grade']} ({grade['score']})")
    for name, result in grade["tests"].items():
        print(f"  {name}: {result}")
    return int(bool(messages) or grade["grade"] != "A+")


def walked(url: str) -> dict[str, str]:
    """Path → HTML of every page that links lead to, from home; no more than MOST."""
    found: dict[str, str] = {}
    waiting = ["/", "/thanh-phan/", "/404.html"]
    while waiting and len(found) < MOST:
        path = waiting.pop(0)
        if path in found:
            continue
        try:
            with urllib.request.urlopen(url + path, timeout=20) as answer:
                if answer.headers.get_content_type() != "text/html" or "/admin/" in answer.url:
                    continue
                found[path] = answer.read().decode()
        except urllib.error.HTTPError:
            continue
        links = re.findall(r'<a [^>]*href="(/[^"#?]*)', found[path])
        waiting += [link for link in links if not link.startswith(("/admin/", "/media/"))]
    return found


def html_messages(tools: Path, pages: dict[str, str]) -> list[dict[str, Any]]:
    """What the checker says against the pages."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in pages.items():
            name = path.strip("/").replace("/", "~") or "home"
            Path(folder, f"{name.removesuffix('.html')}.html").write_text(text, encoding="utf-8")
        jar = tools / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
        command = ["java", "-jar", str(jar), "--format", "json", "--exit-zero-always", "--also-check-svg"]
        done = subprocess.run([*command, folder], capture_output=True, text=True, timeout=300, check=True)
    return [one for one in json.loads(done.stderr)["messages"] if one["type"] != "info" or "subType" in one]


def production_headers() -> dict[str, str]:
    """The headers of a public page under the production settings."""
    example = (ROOT / "deploy" / "local" / "dummy-production.env").read_text(encoding="utf-8")
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE))
    values |= {"PUBLIC_URL": f"https://{HOST}"}
    values |= {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "warnings")])}
    command = [sys.executable, "-c", HEADERS]
    environment = {**os.environ, **values}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def observatory(tools: Path, headers: dict[str, str], html: str) -> dict[str, Any]:
    """Score, grade and the single results."""
    package = tools / "node_modules" / "@mdn" / "mdn-http-observatory"
    preloaded = package / "conf" / "hsts-preload.json"
    if not preloaded.exists():
        # The list browsers come with, fetched by the package's install script: without it no host is on it.
        preloaded.write_text("{}")
    given = json.dumps(
        {"host": HOST, "headers": headers | {"Content-Type": "text/html; charset=utf-8"}, "html": html}
    )
    command = ["node", str(Path(__file__).with_name("observatory.mjs")), str(package)]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


if __name__ == "__main__":
    sys.exit(main())
