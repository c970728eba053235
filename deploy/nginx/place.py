"""Write nginx's files for a machine where the folders are somewhere else than in the image.

    python3 deploy/nginx/place.py /etc/nginx --pages /srv/keng/var/portal --media-root /srv/keng/var \\
        --static /srv/keng/var/static --cms 127.0.0.1:8000 --site tls

writes ``keng/`` and ``conf.d/keng.conf`` below the first folder. ``--whole`` adds an ``nginx.conf`` that runs by
itself (``nginx -c FOLDER/nginx.conf``). Needs nothing but Python 3.
"""

import argparse
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = Path("/usr/lib/nginx/modules")
BROTLI = "ngx_http_brotli_static_module.so"


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", required=True, help="the finished files (VAR_DIR/portal)")
    parser.add_argument(
        "--media-root", required=True, help="the folder that has media/sealed in it (VAR_DIR)"
    )
    parser.add_argument("--static", required=True, help="STATIC_ROOT")
    parser.add_argument("--cms", default="127.0.0.1:8000", help="where the CMS answers; nobody needs to")
    parser.add_argument("--site", choices=("tls", "behind-proxy", "plain"), default="tls")
    parser.add_argument("--listen", default="", help="address and port instead of 80, for the site 'plain'")
    parser.add_argument("--log", default="", help="file for the log instead of the standard output")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--user", default="www-data", help="whom nginx runs as, with --whole")
    place(parser.parse_args())


def place(options: argparse.Namespace) -> None:
    """Write what ``options`` ask for."""
    folder = options.folder.resolve()
    changes = {
        "root /var/lib/keng/portal;": f"root {options.pages};",
        "root /var/lib/keng;": f"root {options.media_root};",
        "alias /srv/keng/static/;": f"alias {options.static.rstrip('/')}/;",
        "set $keng_cms web:8000;": f"set $keng_cms {options.cms};",
        "/etc/nginx/keng": f"{folder}/keng",
    }
    if options.listen:
        changes["listen 80 default_server;"] = f"listen {options.listen} default_server;"
    if options.log:
        changes["/dev/stdout"] = options.log
    has_brotli = (MODULES / BROTLI).exists()
    (folder / "keng").mkdir(parents=True, exist_ok=True)
    (folder / "conf.d").mkdir(exist_ok=True)
    for file in (HERE / "keng").iterdir():
        if file.suffix != ".conf":
            shutil.copy(file, folder / "keng")
        elif file.name != "brotli.conf" or has_brotli:
            _write(file, folder / "keng" / file.name, changes)
    _write(HERE / f"{options.site}.conf", folder / "conf.d" / "keng.conf", changes)
    if options.whole:
        _write(HERE / "nginx.conf", folder / "nginx.conf", _standing_alone(folder, options.user, has_brotli))


def _standing_alone(folder: Path, user: str, has_brotli: bool) -> dict[str, str]:
    temporary = "".join(
        f"    {kind}_temp_path {folder}/temporary/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "temporary").mkdir(exist_ok=True)
    return {
        "include /etc/nginx/modules-enabled/*.conf;": (
            f"load_module {MODULES}/{BROTLI};" if has_brotli else ""
        ),
        "user www-data;": f"user {user};",
        "pid /run/nginx.pid;": f"pid {folder}/nginx.pid;",
        "    include /etc/nginx/conf.d/*.conf;": f"{temporary}    include {folder}/conf.d/*.conf;",
    }


def _write(source: Path, target: Path, changes: dict[str, str]) -> None:
    text = source.read_text(encoding="utf-8")
    for before, after in changes.items():
        text = text.replace(before, after)
    target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
