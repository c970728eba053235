"""Write ``keng/headers*.conf`` and ``keng/types.conf``: nginx says of a finished file what Django says of a page.

Run it with the production settings; ``tests/ops/test_nginx.py`` fails when a file is out of date.
"""

import os
import sys
from pathlib import Path

import django

FOLDER = Path(__file__).parent / "keng"
ORIGIN = "# Written by deploy/nginx/headers.py from the settings; do not edit.\n"


def headers() -> str:
    """The content ``headers.conf`` should have."""
    from cms.portal.headers import security_headers

    lines = [ORIGIN]
    for name, value in sorted(security_headers()):
        # The order of a policy's parts has no meaning and changes from run to run.
        steady = "; ".join(sorted(value.split("; "))) if name == "Content-Security-Policy" else value
        lines.append(f'add_header {name} "{steady}" always;\n')
    return "".join(lines)


def framed() -> str:
    """The content ``headers-framed.conf`` should have: for the page that any site may show in a frame."""
    lines = [line for line in headers().splitlines(keepends=True) if "X-Frame-Options" not in line]
    text = "".join(lines).replace("frame-ancestors 'self'", "frame-ancestors *")
    return text.replace("script-src 'self'", "script-src 'none'")


def types() -> str:
    """The content ``types.conf`` should have."""
    from cms.portal.finished import content_types

    rows = [
        f"    {kind.partition(';')[0]} {suffix.removeprefix('.')};\n"
        for suffix, kind in sorted(content_types().items())
    ]
    return f"{ORIGIN}types {{\n{''.join(rows)}}}\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")
    django.setup()
    if sys.argv[1:] == ["--print"]:
        sys.stdout.write(headers() + framed() + types())
    else:
        (FOLDER / "headers-framed.conf").write_text(framed(), encoding="utf-8")
        (FOLDER / "headers.conf").write_text(headers(), encoding="utf-8")
        (FOLDER / "types.conf").write_text(types(), encoding="utf-8")
