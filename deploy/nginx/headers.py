"""Write ``keng/headers.conf``: what nginx adds to finished pages is what Django adds to the others.

Run it with the production settings; ``tests/ops/test_nginx.py`` fails when the file is out of date.
"""

import os
import sys
from pathlib import Path

import django

FILE = Path(__file__).parent / "keng" / "headers.conf"


def text() -> str:
    """The content the file should have."""
    from cms.portal.headers import security_headers

    lines = ["# Written by deploy/nginx/headers.py from the settings; do not edit.\n"]
    for name, value in sorted(security_headers()):
        # The order of a policy's parts has no meaning and changes from run to run.
        steady = "; ".join(sorted(value.split("; "))) if name == "Content-Security-Policy" else value
        lines.append(f'add_header {name} "{steady}" always;\n')
    return "".join(lines)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")
    django.setup()
    if sys.argv[1:] == ["--print"]:
        sys.stdout.write(text())
    else:
        FILE.write_text(text(), encoding="utf-8")
