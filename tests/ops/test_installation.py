"""What the environment makes of an installation, before anything is started."""

import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.core.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from cms.supervisor import banner, parts, record, strings
from cms.supervisor.console import Console
from cms.supervisor.installation import CannotStart, child_environment, from_environment
from cms.users.roles import Role


def test_without_any_address_both_platforms_are_the_sandbox(tmp_path: Path) -> None:
    given_env = {"VAR_DIR": str(tmp_path), "PORT": "8123", "SANDBOX_PORT": "8124"}
    installation = from_environment(given_env)
    child = child_environment(installation, given_env)
    assert child["PUBLIC_URL"] == "http://127.0.0.1:8123"
    for name in ("FACEBOOK_GRAPH_URL", "FACEBOOK_TOKEN_URL", "ZALO_OPENAPI_URL", "ZALO_OAUTH_URL"):
        assert child[name].startswith("http://127.0.0.1:8124/")
    assert child["FACEBOOK_GRAPH_URL"].endswith("/")
    assert set(parts.commands(installation, child)) == {"web", "worker", "watch", "sandbox"}


def test_the_addresses_are_those_the_sandbox_serves(tmp_path: Path) -> None:
    from publishers.sandbox.server import Sandbox

    with Sandbox() as sandbox:
        given_env = {"VAR_DIR": str(tmp_path), "SANDBOX_PORT": sandbox.base_url.rsplit(":", 1)[1]}
        child = child_environment(from_environment(given_env), given_env)
        assert child["FACEBOOK_GRAPH_URL"] == sandbox.graph_url
        assert child["FACEBOOK_TOKEN_URL"] == sandbox.facebook_token_url
        assert child["ZALO_OPENAPI_URL"] == sandbox.zalo_openapi_url
        assert child["ZALO_OAUTH_URL"] == sandbox.zalo_oauth_url


def test_with_one_address_the_sandbox_serves_the_other() -> None:
    given_env = {"FACEBOOK_GRAPH_URL": "http://127.0.0.1:9999/"}
    installation = from_environment(given_env)
    child = child_environment(installation, given_env)
    assert child["FACEBOOK_GRAPH_URL"] == "http://127.0.0.1:9999/"
    # The app's secret must not go to the sandbox when the posts go elsewhere.
    assert "FACEBOOK_TOKEN_URL" not in child
    assert "8090" in child["ZALO_OPENAPI_URL"]
    assert "sandbox" in parts.commands(installation, child)


def test_with_both_addresses_no_sandbox_is_started() -> None:
    given_env = {"FACEBOOK_GRAPH_URL": "http://127.0.0.1:9999/", "ZALO_OPENAPI_URL": "http://127.0.0.1:9998"}
    installation = from_environment(given_env)
    child = child_environment(installation, given_env)
    assert set(parts.commands(installation, child)) == {"web", "worker", "watch"}
    assert strings.NO_SANDBOX in banner.lines(installation, took=1, demo=True)
    # Its port matters to nobody then.
    assert from_environment({**given_env, "PORT": "8090"}).port == 8090


def test_in_the_demo_the_sandbox_is_partner_and_mail_server(tmp_path: Path) -> None:
    given_env = {"VAR_DIR": str(tmp_path), "SANDBOX_PORT": "8124"}
    installation = from_environment(given_env)
    child = child_environment(installation, given_env, demo=True)
    assert (child["EMAIL_HOST"], child["EMAIL_PORT"]) == ("127.0.0.1", "8125")
    assert child["SANDBOX_URL"] == child["OUTBOUND_ALLOWED_ORIGINS"] == "http://127.0.0.1:8124"
    assert {"--mail-port", "8125"} <= set(parts.commands(installation, child)["sandbox"])


def test_outside_the_demo_the_sandbox_is_neither(tmp_path: Path) -> None:
    given_env = {"VAR_DIR": str(tmp_path), "SANDBOX_PORT": "8124"}
    installation = from_environment(given_env)
    child = child_environment(installation, given_env, demo=False)
    assert not {"EMAIL_HOST", "EMAIL_PORT", "SANDBOX_URL", "OUTBOUND_ALLOWED_ORIGINS"} & set(child)
    assert "--mail-port" not in parts.commands(installation, child)["sandbox"]


@pytest.mark.parametrize("name", ["EMAIL_HOST", "EMAIL_HOST_FILE"])
def test_a_mail_server_that_was_given_is_used_in_the_demo_too(name: str, tmp_path: Path) -> None:
    given_env = {"VAR_DIR": str(tmp_path), name: "mail.example.vn", "EMAIL_PORT": "587"}
    installation = from_environment(given_env)
    child = child_environment(installation, given_env, demo=True)
    assert child[name] == "mail.example.vn"
    assert child["EMAIL_PORT"] == "587"
    assert "--mail-port" not in parts.commands(installation, child)["sandbox"]


def test_what_the_operator_allowed_stays_allowed_beside_the_sandbox(tmp_path: Path) -> None:
    given_env = {"VAR_DIR": str(tmp_path), "OUTBOUND_ALLOWED_ORIGINS": "http://10.0.0.5:8080"}
    child = child_environment(from_environment(given_env), given_env, demo=True)
    assert child["OUTBOUND_ALLOWED_ORIGINS"] == "http://10.0.0.5:8080,http://127.0.0.1:8090"


@pytest.mark.parametrize(
    ("ports", "mail_port"),
    [
        ({"SANDBOX_PORT": "8124"}, 8125),
        ({"PORT": "8125", "SANDBOX_PORT": "8124"}, 8126),
        ({"SANDBOX_PORT": "65535"}, 65534),
        ({"PORT": "65535", "SANDBOX_PORT": "65534"}, 65533),
        ({"SANDBOX_MAIL_PORT": "2525"}, 2525),
    ],
)
def test_the_mail_port_is_the_next_free_one(ports: dict[str, str], mail_port: int) -> None:
    assert from_environment(ports).mail_port == mail_port


@pytest.mark.parametrize("name", ["PORT", "SANDBOX_PORT"])
def test_a_mail_port_that_is_another_port_is_refused(name: str) -> None:
    with pytest.raises(CannotStart, match=f"{name} và SANDBOX_MAIL_PORT"):
        from_environment({name: "8124", "SANDBOX_MAIL_PORT": "8124"})


def test_the_public_name_is_among_the_allowed_hosts() -> None:
    given_env = {"PUBLIC_URL": "http://may-chu.example:8000/", "HOST": "0.0.0.0"}
    child = child_environment(from_environment(given_env), given_env)
    assert child["PUBLIC_URL"] == "http://may-chu.example:8000"
    assert "may-chu.example" in child["ALLOWED_HOSTS"].split(",")
    assert child["CSRF_TRUSTED_ORIGINS"] == "http://may-chu.example:8000"
    assert (
        child_environment(from_environment(given_env), {**given_env, "ALLOWED_HOSTS": "a.vn"})[
            "ALLOWED_HOSTS"
        ]
        == "a.vn"
    )


@given(st.text())
def test_a_port_is_a_port_or_a_sentence(value: str) -> None:
    environ = {"PORT": value, "SANDBOX_PORT": "1"}
    if not value:
        assert from_environment(environ).port == 8000
    elif re.fullmatch("[0-9]+", value) and 1 < int(value) <= 65535:
        assert from_environment(environ).port == int(value)
    else:
        with pytest.raises(CannotStart, match="PORT"):
            from_environment(environ)


@given(st.integers(min_value=2, max_value=65535))
def test_every_port_can_be_chosen(port: int) -> None:
    assert from_environment({"PORT": str(port), "SANDBOX_PORT": "1"}).port == port


def test_demo_is_for_new_folders_only(tmp_path: Path) -> None:
    assert record.load(tmp_path, demo=None).demo == record.WANTED
    assert record.load(tmp_path, demo=False).demo == record.DECLINED
    (tmp_path / record.DATABASE).touch()
    assert record.load(tmp_path, demo=None).demo == record.DECLINED
    assert record.load(tmp_path, demo=True).demo == record.WANTED


@pytest.mark.parametrize("content", ["", "{", "[]", json.dumps({"demo": "loaded", "surprise": 1})])
def test_a_damaged_record_is_no_record(content: str, tmp_path: Path) -> None:
    (tmp_path / "prepared.json").write_text(content)
    assert record.load(tmp_path, demo=None).demo == record.WANTED


def test_fingerprints_follow_what_they_stand_for(tmp_path: Path) -> None:
    assert record.code_fingerprint("http://a") == record.code_fingerprint("http://a")
    assert record.code_fingerprint("http://a") != record.code_fingerprint("http://b")
    assert record.migrations_fingerprint(tmp_path / "none") == ""
    (tmp_path / "broken").write_bytes(b"not a database")
    assert record.migrations_fingerprint(tmp_path / "broken") == ""


def test_the_box_names_every_demo_account(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    installation = from_environment({"PORT": "8123", "VAR_DIR": str(tmp_path)})
    Console().box(banner.lines(installation, took=3.21, demo=True))
    shown = capsys.readouterr().out.strip().splitlines()
    assert "3,2 giây" in shown[1]
    assert len({len(line) for line in shown}) == 1, "the frame is straight"
    for account in DEMO_ACCOUNTS:
        assert any(account.username in line and account.full_name in line for line in shown)
        assert account.role in Role
        assert account.role in strings.ROLES
    assert any(DEMO_PASSWORD in line for line in shown)
    assert any("http://127.0.0.1:8123/admin/" in line for line in shown)


def test_known_passwords_reachable_from_outside_are_pointed_out() -> None:
    exposed = from_environment({"HOST": "0.0.0.0"})
    assert strings.EXPOSED_DEMO in banner.lines(exposed, took=1, demo=True)
    assert strings.EXPOSED_DEMO not in banner.lines(from_environment({}), took=1, demo=True)


@given(st.text())
def test_a_quoted_line_never_drives_the_terminal(text: str) -> None:
    stream = io.StringIO()
    Console(stream).line(text, "web")
    assert stream.getvalue().startswith("[web] ")
    assert not set(stream.getvalue()) & {"\x1b", "\r", "\x07", "\x08", "\x9b"}


def test_the_demo_practises_and_a_real_platform_ends_that(tmp_path: Path) -> None:
    demo = {"VAR_DIR": str(tmp_path), "SANDBOX_PORT": "8124"}
    child = child_environment(from_environment(demo), demo, demo=True)
    assert child["PRACTICE"] == "1"
    assert child["SANDBOX_MAIL"] == "127.0.0.1:8125"
    assert "PRACTICE" not in child_environment(from_environment(demo), demo, demo=False)
    real = {**demo, "FACEBOOK_GRAPH_URL": "https://graph.facebook.com/"}
    assert "PRACTICE" not in child_environment(from_environment(real), real, demo=True)
    asked = {**real, "PRACTICE": "1"}
    assert child_environment(from_environment(asked), asked)["SANDBOX_URL"] == "http://127.0.0.1:8124"
