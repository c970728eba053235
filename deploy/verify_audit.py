#!/usr/bin/env python3
"""Check an export of the audit trail (``manage.py audit export``) with nothing but Python's standard library.

    python3 verify_audit.py trail.jsonl                       # hashes: nothing changed, removed, added, swapped
    AUDIT_KEYS=… python3 verify_audit.py trail.jsonl          # and signatures: written by that installation

Exit code 0: everything fits. 1: something was altered; the first place is named. 2: the file cannot be read.
"""

import argparse
import hashlib
import hmac
import json
import os
import sys
from pathlib import Path

FORMAT = "keng-audit-1"
SEALED = (
    "uid", "at", "actor_id", "login", "actor", "unit", "action", "object_type", "object_id", "object_label",
    "address", "way", "place", "group", "changes", "details", "folded", "key",
)  # fmt: skip
LINKED = ("sequence", "entry_id", "content", "previous")
LINK = {*LINKED, "hash", "key", "mac"}


class Altered(Exception):
    """The export is not what the installation wrote."""


def as_json(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha(kind, value):
    return hashlib.sha256(f"{FORMAT} {kind}\n{as_json(value)}".encode()).hexdigest()


def mac(key, text):
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def key_names(keys):
    return {hashlib.sha256(f"keng-audit-key:{key}".encode()).hexdigest()[:16]: key for key in keys}


def check_link(row, place, previous, keys):
    link, entry = row.get("link"), row.get("entry")
    if not isinstance(link, dict) or set(link) != LINK:
        raise Altered(f"number {place}: the link is incomplete")
    if link["sequence"] != place:
        raise Altered(f"number {place}: links are missing or out of order")
    if link["previous"] != previous:
        raise Altered(f"number {place}: the link does not follow the one before it")
    if link["hash"] != sha("link", {name: link[name] for name in LINKED}):
        raise Altered(f"number {place}: the link was altered")
    if not isinstance(entry, dict) or set(entry) != {*SEALED, "seal"}:
        raise Altered(f"number {place}: the entry was removed or is incomplete")
    if link["content"] != sha("content", {name: entry[name] for name in (*SEALED, "seal")}):
        raise Altered(f"number {place}: the entry was altered")
    if keys:
        check_signatures(link, entry, place, keys)
    return link["hash"]


def check_signatures(link, entry, place, keys):
    for row in (link, entry):
        if row["key"] not in keys:
            raise Altered(f"number {place}: signed with a key that is not in AUDIT_KEYS")
    expected = mac(keys[link["key"]], f"{FORMAT} chain\n{link['hash']}")
    if not hmac.compare_digest(expected, link["mac"]):
        raise Altered(f"number {place}: the link was not signed by this installation")
    covered = {name: entry[name] for name in SEALED}
    if not hmac.compare_digest(mac(keys[entry["key"]], f"{FORMAT} entry\n{as_json(covered)}"), entry["seal"]):
        raise Altered(f"number {place}: the entry was not written by this installation")


def verify(lines, keys=()):
    """Number of entries in ``lines``. Raises Altered with the first place that does not fit."""
    named = key_names(keys)
    count, place, previous, opened, ended = 0, 1, "", False, False
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
        except ValueError:
            raise Altered(f"line {number} is no JSON") from None
        if not isinstance(row, dict) or ended:
            raise Altered(f"line {number} does not belong here")
        if not opened:
            if row.get("format") != FORMAT or not isinstance(row.get("from"), int):
                raise Altered("the first line is missing: this is no export, or its beginning was cut off")
            opened, place, previous = True, row["from"], row.get("previous")
        elif "end" in row:
            if row["end"] != {"count": count, "hash": previous}:
                raise Altered("the last line does not fit: lines before it are missing")
            ended = True
        else:
            previous = check_link(row, place, previous, named)
            place, count = place + 1, count + 1
    if not ended:
        raise Altered("the last line is missing: the export was cut off")
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--keys-file", type=Path, help="file with the keys, newest first, separated by commas"
    )
    options = parser.parse_args()
    try:
        given = (
            options.keys_file.read_text("utf-8") if options.keys_file else os.environ.get("AUDIT_KEYS", "")
        )
        keys = [key.strip() for key in given.split(",") if key.strip()]
        with options.file.open(encoding="utf-8") as lines:
            count = verify(lines, keys)
    except Altered as found:
        print(f"ALTERED: {found}")
        return 1
    except (OSError, UnicodeDecodeError) as error:
        print(f"CANNOT READ: {error}")
        return 2
    checked = "hashes and signatures" if keys else "hashes (no AUDIT_KEYS given: signatures not checked)"
    print(f"OK: {count} entries, {checked}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
