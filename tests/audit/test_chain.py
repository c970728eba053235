"""Whatever is altered, removed, added or exchanged in the trail is found."""

import io
import json
import random
import subprocess
import sys
import uuid
from pathlib import Path

from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

import pytest

from cms.audit import head, keys, linking, verifying
from cms.audit.models import Entry, Link
from cms.audit.recording import record

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
LENGTH = 12


@pytest.fixture(autouse=True)
def chain(db, head_file):
    for number in range(LENGTH):
        record("audit.change", label=f"số {number}", changes={"tên": (f"a{number}", f"b{number}")})
    linking.link_pending()


def run(*args: str) -> str:
    out = io.StringIO()
    call_command("audit", *args, stdout=out, stderr=out)
    return out.getvalue()


def test_what_was_written_is_well():
    assert verifying.verify().ok
    assert f"{LENGTH} " in run("verify")


ENTRY_COLUMNS = [f.column for f in Entry._meta.concrete_fields if f.column != "id"]
LINK_COLUMNS = [f.column for f in Link._meta.concrete_fields]


def another(column: str, old: object, dice: random.Random) -> object:
    """A value of the column's own type that is not what stands there."""
    if column in ("uid", "group"):
        fresh = uuid.UUID(int=dice.getrandbits(128), version=4)
        return fresh.hex if connection.vendor == "sqlite" else fresh
    if column == "at":
        moved = timezone.now() + timezone.timedelta(seconds=dice.randint(-(10**7), 10**7))
        return moved.replace(tzinfo=None).isoformat(" ") if connection.vendor == "sqlite" else moved
    if column in ("actor_id", "sequence", "entry_id"):
        return dice.choice([n for n in range(1_000_000, 1_000_040) if n != old])
    if column in ("hash", "content", "previous", "mac", "seal"):
        return "".join(dice.choice("0123456789abcdef") for _ in range(64))
    text = str(old or "")
    place = dice.randint(0, len(text))
    changed = text[:place] + dice.choice("xyz 1é") + text[place:]
    return (
        changed[:9]
        if column == "way" and changed[:9] != text
        else changed[:16]
        if column == "key"
        else changed
    )


def alter(dice: random.Random, attacker) -> str:
    table, columns, key = dice.choice(
        [("audit_entry", ENTRY_COLUMNS, "id"), ("audit_link", LINK_COLUMNS, "sequence")]
    )
    column = dice.choice(columns)
    model = Entry if table == "audit_entry" else Link
    row = dice.choice(list(model.objects.all()))
    field = next(f for f in model._meta.concrete_fields if f.column == column)
    old = getattr(row, field.attname)
    value = another(column, old, dice)
    if str(value) == str(old):
        value = f"{value}!"[-16:]
    attacker.run(f'UPDATE {table} SET "{column}" = %s WHERE {key} = %s', (value, row.pk))
    return f"{table}.{column} of {row.pk}: {old!r} → {value!r}"


def remove(dice: random.Random, attacker) -> str:
    link = dice.choice(list(Link.objects.all()))
    what = dice.choice(["entry", "link", "both"])
    if what != "link":
        attacker.run("DELETE FROM audit_entry WHERE id = %s", (link.entry_id,))
    if what != "entry":
        attacker.run("DELETE FROM audit_link WHERE sequence = %s", (link.sequence,))
    return f"{what} {link.sequence} removed"


def swap(dice: random.Random, attacker) -> str:
    one, other = dice.sample(list(Entry.objects.all()), 2)
    column = dice.choice(["object_label", "changes", "at", "uid"])
    if column == "at" and one.at == other.at:
        column = "object_label"
    if column == "uid":
        # The rows change places whole, seals and all.
        number = 10**9
        attacker.run("UPDATE audit_entry SET id = %s WHERE id = %s", (number, one.pk))
        attacker.run("UPDATE audit_entry SET id = %s WHERE id = %s", (one.pk, other.pk))
        attacker.run("UPDATE audit_entry SET id = %s WHERE id = %s", (other.pk, number))
        return f"entries {one.pk} and {other.pk} exchanged"
    first, second = (getattr(row, column) for row in (one, other))
    field = Entry._meta.get_field(column)
    for value, row in ((second, one), (first, other)):
        stored = field.get_db_prep_save(value, connection)
        attacker.run(f'UPDATE audit_entry SET "{column}" = %s WHERE id = %s', (stored, row.pk))
    return f"{column} of {one.pk} and {other.pk} exchanged"


def columns_of(model) -> str:
    return ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if f.column not in ("id",))


def insert(dice: random.Random, attacker) -> str:
    """A row of the attacker's own, made from a real one; a person is accused."""
    source = dice.choice(list(Entry.objects.all()))
    fresh = uuid.UUID(int=dice.getrandbits(128), version=4)
    shown = columns_of(Entry).replace('"uid"', "%s").replace('"login"', "'minh'")
    attacker.run(
        f"INSERT INTO audit_entry ({columns_of(Entry)}) SELECT {shown} FROM audit_entry WHERE id = %s",
        (fresh.hex if connection.vendor == "sqlite" else fresh, source.pk),
    )
    return f"an entry like {source.pk} added"


def cut(dice: random.Random, attacker) -> str:
    keep = dice.randint(0, LENGTH - 1)
    numbers = list(Link.objects.filter(sequence__gt=keep).values_list("entry_id", flat=True))
    attacker.run("DELETE FROM audit_link WHERE sequence > %s", (keep,))
    for number in numbers:
        attacker.run("DELETE FROM audit_entry WHERE id = %s", (number,))
    if dice.random() < 0.5:
        # The chain goes on as if nothing had been.
        for number in range(dice.randint(1, LENGTH)):
            record("audit.change", label=f"sau đó {number}")
        linking.link_pending()
    return f"cut off after {keep}"


def rebuild(dice: random.Random, attacker) -> str:
    """Everything after a removed link is chained anew, with the attacker's own key."""
    place = dice.randint(1, LENGTH - 1)
    links = list(Link.objects.filter(sequence__gt=place))
    attacker.run("DELETE FROM audit_link WHERE sequence >= %s", (place,))
    attacker.run("DELETE FROM audit_entry WHERE id = %s", (Entry.objects.order_by("id")[place - 1].pk,))
    with override_settings(AUDIT_KEYS=["the-attacker-s-own", *keys.known().values()]):
        linking.link_pending(everything=True)
    return f"{len(links)} links made anew"


TAMPERINGS = [alter, alter, alter, alter, remove, swap, insert, cut, rebuild]


@pytest.mark.parametrize("seed", range(6))
def test_every_tampering_is_found(seed: int, attacker, head_file):
    """240 random ones: by whoever may write to the database, but has neither the keys nor the head file."""
    dice = random.Random(seed)
    kept = head_file.read_text()
    for _round in range(40):
        tampering = dice.choice(TAMPERINGS)
        savepoint = transaction.savepoint()
        said = tampering(dice, attacker)
        assert not verifying.verify().ok, said
        transaction.savepoint_rollback(savepoint)
        head_file.write_text(kept)
    assert verifying.verify().ok


def test_the_first_place_is_named(attacker):
    place = Link.objects.get(sequence=5)
    attacker.run("UPDATE audit_entry SET object_label = 'khác' WHERE id = %s", (place.entry_id,))
    with pytest.raises(CommandError, match="5: ") as refused:
        run("verify")
    assert refused.value.returncode == 1


def test_a_missing_trigger_is_told():
    with connection.cursor() as cursor:
        on = " ON audit_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER audit_entry_no_update{on}")
    with pytest.raises(CommandError):
        run("verify")


def test_unlinked_entries_wait_and_are_found_when_they_wait_too_long(attacker, settings):
    record("audit.change", label="chưa nối")
    assert verifying.verify().ok
    assert linking.link_pending() == 1
    attacker.run("DELETE FROM audit_link WHERE sequence = %s", (LENGTH + 1,))
    assert not verifying.verify().ok


def test_an_entry_that_the_product_did_not_write_is_not_laundered(attacker):
    insert(random.Random(1), attacker)
    linking.link_pending(everything=True)
    assert Link.objects.count() == LENGTH
    assert not verifying.verify().ok


def test_new_keys_sign_and_old_ones_still_verify(settings):
    settings.AUDIT_KEYS = ["new", *settings.AUDIT_KEYS]
    record("audit.change", label="khóa mới")
    linking.link_pending()
    assert Link.objects.values("key").distinct().count() == 2
    assert verifying.verify().ok
    settings.AUDIT_KEYS = ["new"]
    assert not verifying.verify().ok


def test_only_what_is_new_is_checked_again(attacker):
    place = verifying.verify().place
    record("audit.change", label="mới")
    linking.link_pending()
    result = verifying.verify(place)
    assert (result.links, result.place.sequence, result.ok) == (1, LENGTH + 1, True)
    attacker.run("UPDATE audit_link SET mac = %s WHERE sequence = %s", ("0" * 64, LENGTH + 1))
    assert not verifying.verify(place).ok


def test_a_damaged_head_file_is_told_and_never_stops_an_act(head_file):
    head_file.write_text("{")
    record("audit.change", label="vẫn ghi")
    assert linking.link_pending() == 1
    assert not verifying.verify().ok
    head_file.unlink()
    result = verifying.verify()
    assert (result.ok, result.head_known) == (True, False)


def restored(attacker) -> None:
    """The database as it was five entries ago."""
    gone = list(Link.objects.filter(sequence__gt=LENGTH - 5).values_list("entry_id", flat=True))
    attacker.run("DELETE FROM audit_link WHERE sequence > %s", (LENGTH - 5,))
    for number in gone:
        attacker.run("DELETE FROM audit_entry WHERE id = %s", (number,))


def test_a_person_accepts_what_a_restored_backup_lost(nam, attacker):
    linking.link_pending()
    known = head.read()
    restored(attacker)
    attacker.run("DELETE FROM audit_link WHERE sequence > %s", (LENGTH,))
    with pytest.raises(CommandError):
        run("verify")
    run("accept-loss", "--user", "nam", "--reason", "Khôi phục bản sao lưu")
    entry = Entry.objects.order_by("-id")[0]
    assert (entry.action, entry.login, entry.way) == ("audit.loss_accepted", "nam", "command")
    assert json.loads(entry.details)["known_until"] == known.sequence
    run("verify")
    with pytest.raises(CommandError):
        run("accept-loss", "--user", "nam", "--reason", "lần nữa")
    with pytest.raises(CommandError):
        run("accept-loss", "--user", "nobody", "--reason", "x")


def independent(file: Path, **environ: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "deploy" / "verify_audit.py"), str(file)],
        capture_output=True, check=False, text=True, env=environ, timeout=60,
    )  # fmt: skip


def test_an_export_is_verified_without_the_product(tmp_path, settings):
    file = tmp_path / "trail.jsonl"
    run("export", "--output", str(file))
    assert independent(file).returncode == 0
    assert independent(file, AUDIT_KEYS=",".join(settings.AUDIT_KEYS)).returncode == 0
    assert independent(file, AUDIT_KEYS="another").returncode == 1
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) == LENGTH + 3  # the export itself, first and last line
    dice = random.Random(7)
    for _round in range(30):
        copy = list(lines)
        place = dice.randrange(1, len(copy) - 1)
        how = dice.choice(["drop", "swap", "alter", "cut", "double"])
        if how == "drop":
            del copy[place]
        elif how == "swap":
            other = 1 + (place % (len(copy) - 2))
            copy[place], copy[other] = copy[other], copy[place]
        elif how == "alter":
            row = json.loads(copy[place])
            name = dice.choice(sorted(row["entry"]))
            row["entry"][name] = f"{row['entry'][name]}x"
            copy[place] = json.dumps(row)
        elif how == "cut":
            copy = copy[:place]
        else:
            copy.insert(place, copy[place])
        file.write_text("\n".join(copy), encoding="utf-8")
        answer = independent(file)
        assert (answer.returncode, how) == (1, how)
        assert "ALTERED" in answer.stdout


def test_a_period_is_exported_without_holes(tmp_path):
    file = tmp_path / "day.jsonl"
    today = timezone.localdate().isoformat()
    run("export", "--from", today, "--to", today, "--output", str(file))
    assert independent(file).returncode == 0
    run("export", "--from", "2001-01-01", "--to", "2001-01-02", "--output", str(file))
    assert "OK: 0 entries" in independent(file).stdout
    with pytest.raises(CommandError, match="YYYY-MM-DD"):
        run("export", "--from", "hôm qua")
