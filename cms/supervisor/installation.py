"""Where an installation is and how it is reached, read from the environment."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cms.supervisor import strings

CODE_ROOT: Final = Path(__file__).resolve().parents[2]
EMBEDDED_SETTINGS: Final = "cms.settings.embedded"
PRODUCTION_SETTINGS: Final = "cms.settings.production"
_TRUE: Final = {"1", "true", "yes", "on"}
_FALSE: Final = {"0", "false", "no", "off"}


class CannotStart(Exception):
    """The sentence to show; the exit code is 2."""


@dataclass(frozen=True, slots=True)
class Installation:
    """One machine's installation. ``demo`` is None when KENG_DEMO does not say."""

    host: str
    port: int
    sandbox_port: int
    mail_port: int
    var_dir: Path
    public_url: str
    demo: bool | None
    sandbox_facebook: bool
    sandbox_zalo: bool
    sandbox_mail: bool
    """False when a mail server is given in the environment."""

    @property
    def has_sandbox(self) -> bool:
        """False when servers for both platforms are given in the environment."""
        return self.sandbox_facebook or self.sandbox_zalo

    def takes_mail(self, *, demo: bool) -> bool:
        """Whether the sandbox is the mail server: in a demo for which none was given."""
        return demo and self.has_sandbox and self.sandbox_mail

    @property
    def reach_host(self) -> str:
        """The address by which this machine itself reaches the server."""
        return reachable(self.host)

    @property
    def public_host(self) -> str:
        """The Host header of a visitor."""
        return urlsplit(self.public_url).netloc

    @property
    def local_url(self) -> str:
        """The web server's own address, without a slash at the end."""
        return f"http://{in_url(self.reach_host)}:{self.port}"

    @property
    def is_exposed(self) -> bool:
        """True when other machines can reach the web server."""
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host != "localhost"

    @property
    def sandbox_url(self) -> str:
        """The sandbox's address, without a slash at the end."""
        return f"http://127.0.0.1:{self.sandbox_port}"


def from_environment(environ: Mapping[str, str]) -> Installation:
    """The installation that the ports, HOST, VAR_DIR, PUBLIC_URL and KENG_DEMO describe.

    Raises CannotStart when one of them makes no sense.
    """
    host = environ.get("HOST") or "127.0.0.1"
    port = _port(environ, "PORT", 8000)
    facebook = not environ.get("FACEBOOK_GRAPH_URL")
    zalo = not environ.get("ZALO_OPENAPI_URL")
    sandbox_port = _port(environ, "SANDBOX_PORT", 8090)
    if (facebook or zalo) and port == sandbox_port:
        raise CannotStart(_same_port("PORT", "SANDBOX_PORT", port, _another(port)))
    mail_port = _port(environ, "SANDBOX_MAIL_PORT", _free_beside(sandbox_port, port))
    if facebook or zalo:
        for name, other in (("PORT", port), ("SANDBOX_PORT", sandbox_port)):
            if mail_port == other:
                example = _free_beside(sandbox_port, port)
                raise CannotStart(_same_port(name, "SANDBOX_MAIL_PORT", mail_port, example))
    base = CODE_ROOT if is_checkout() else Path.cwd()
    return Installation(
        host=host,
        port=port,
        sandbox_port=sandbox_port,
        mail_port=mail_port,
        var_dir=Path(environ.get("VAR_DIR") or base / "var").resolve(),
        public_url=(environ.get("PUBLIC_URL") or f"http://{in_url(reachable(host))}:{port}").rstrip("/"),
        demo=_demo(environ),
        sandbox_facebook=facebook,
        sandbox_zalo=zalo,
        sandbox_mail=not _given(environ, "EMAIL_HOST"),
    )


def child_environment(
    installation: Installation, environ: Mapping[str, str], *, demo: bool = False
) -> dict[str, str]:
    """``environ`` completed for the processes of a one-machine installation, with or without the demo."""
    child = dict(environ)
    child.update(
        DJANGO_SETTINGS_MODULE=EMBEDDED_SETTINGS,
        VAR_DIR=str(installation.var_dir),
        PUBLIC_URL=installation.public_url,
        HOST=installation.host,
        PORT=str(installation.port),
        SANDBOX_PORT=str(installation.sandbox_port),
        PYTHONUNBUFFERED="1",
        PYTHONPATH=import_path(environ),
    )
    public = urlsplit(installation.public_url)
    if not child.get("ALLOWED_HOSTS"):
        known = ["127.0.0.1", "localhost", "[::1]", "testserver"]
        named = in_url(public.hostname or "127.0.0.1")
        child["ALLOWED_HOSTS"] = ",".join(known if named in known else [*known, named])
    if not child.get("CSRF_TRUSTED_ORIGINS"):
        child["CSRF_TRUSTED_ORIGINS"] = f"{public.scheme}://{public.netloc}"
    sandbox = installation.sandbox_url
    if installation.sandbox_facebook:
        child["FACEBOOK_GRAPH_URL"] = f"{sandbox}/graph/"
        child["FACEBOOK_TOKEN_URL"] = child.get("FACEBOOK_TOKEN_URL") or f"{sandbox}/graph/oauth/access_token"
    if installation.sandbox_zalo:
        child["ZALO_OPENAPI_URL"] = f"{sandbox}/zalo"
        child["ZALO_OAUTH_URL"] = child.get("ZALO_OAUTH_URL") or f"{sandbox}/zalo-oauth"
    child["KENG_DEMO"] = "1" if demo else "0"
    practising = (environ.get("PRACTICE") or "").lower() in _TRUE
    if (demo or practising) and installation.has_sandbox:
        # The demo's partner is at a loopback address, which nothing else may be.
        allowed = [child.get("OUTBOUND_ALLOWED_ORIGINS", ""), sandbox]
        child["OUTBOUND_ALLOWED_ORIGINS"] = ",".join(filter(None, allowed))
        child["SANDBOX_URL"] = sandbox
    if installation.takes_mail(demo=demo):
        child["SANDBOX_MAIL"] = f"127.0.0.1:{installation.mail_port}"
    whole = installation.sandbox_facebook and installation.sandbox_zalo and installation.takes_mail(demo=demo)
    if demo and whole and not _given(environ, "PRACTICE"):
        # Known accounts, made-up content: such an installation must not be taken for one that warns the public.
        child["PRACTICE"] = "1"
    if installation.takes_mail(demo=demo):
        child.update(EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(installation.mail_port))
        child.update(EMAIL_USE_TLS="0", EMAIL_USE_SSL="0", EMAIL_HOST_USER="")
        if not _given(environ, "DEFAULT_FROM_EMAIL"):
            child["DEFAULT_FROM_EMAIL"] = "Công an tỉnh <canhbao@keng.example>"
    return child


def import_path(environ: Mapping[str, str]) -> str:
    """PYTHONPATH on which also an uninstalled checkout's packages are found, also the one in warnings/."""
    wanted = [str(CODE_ROOT)]
    if is_checkout():
        wanted.append(str(CODE_ROOT / "warnings"))
    given = [part for part in environ.get("PYTHONPATH", "").split(os.pathsep) if part and part not in wanted]
    return os.pathsep.join([*wanted, *given])


def create_folder(folder: Path) -> None:
    """Make the data folder. Raises CannotStart when that is impossible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(strings.VAR_DIR_UNUSABLE.format(folder=folder, reason=error.strerror)) from error


def is_checkout() -> bool:
    """True when the code runs from its repository rather than from an installed package."""
    return (CODE_ROOT / "warnings" / "scam_warnings").is_dir()


def reachable(host: str) -> str:
    """``host``, or the loopback address of its family where it means every address."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "*": "127.0.0.1"}.get(host, host)  # noqa: S104


def in_url(host: str) -> str:
    """``host`` as it stands in an address: IPv6 in brackets."""
    try:
        return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
    except ValueError:
        return host


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name) or str(default)
    if value.isascii() and value.isdigit() and 1 <= int(value) <= 65535:
        return int(value)
    raise CannotStart(strings.BAD_PORT.format(name=name, value=value, example=default))


def _given(environ: Mapping[str, str], name: str) -> bool:
    """Whether a setting is there, itself or as a file."""
    return bool(environ.get(name) or environ.get(f"{name}_FILE"))


def _same_port(first: str, second: str, port: int, example: int) -> str:
    return strings.SAME_PORT.format(first=first, second=second, port=port, example=example)


def _free_beside(port: int, taken: int) -> int:
    """The next port that is not ``taken``, or the one before where there is none above."""
    return next(
        number for number in (port + 1, port + 2, port - 1, port - 2) if number <= 65535 and number != taken
    )


def _another(port: int) -> int:
    return port + 90 if port + 90 <= 65535 else port - 90


def _demo(environ: Mapping[str, str]) -> bool | None:
    value = (environ.get("KENG_DEMO") or "").lower()
    if not value:
        return None
    if value in _TRUE | _FALSE:
        return value in _TRUE
    raise CannotStart(strings.BAD_DEMO.format(value=value))
