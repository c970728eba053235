#!/usr/bin/env python3
"""Check a sealed record («Tải hồ sơ đã ký») with nothing but Python's standard library.

    python3 verify_release.py ho-so-CB-2026-00029.zip                  # every hash, every picture, the seal
    AUDIT_KEYS=… python3 verify_release.py ho-so-CB-2026-00029.zip     # and signatures: made by that installation

Exit code 0: everything fits. 1: something was altered; it is named. 2: the file cannot be read.
"""

import argparse
import hashlib
import hmac
import json
import os
import sys
import zipfile
from pathlib import Path

FORMAT = "keng-release-1"
TRAIL = "keng-audit-1"
LINKED = ("sequence", "entry_id", "content", "previous")
MOST = 200 * 1024 * 1024


class Altered(Exception):
    """The record is not what was signed."""


def as_json(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha(value):
    return hashlib.sha256(as_json(value).encode()).hexdigest()


def mac(key, text):
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def key_names(keys):
    return {hashlib.sha256(f"keng-audit-key:{key}".encode()).hexdigest()[:16]: key for key in keys}


def payload_hash(payload, reference):
    sealed = {
        name: payload[name] for name in ("title", "text", "link", "images", "data", "kind", "destination")
    }
    sealed["reference"] = reference
    if payload["options"]:
        sealed["options"] = payload["options"]
    if payload["does"] != ["create", "publication", None]:
        sealed["does"] = payload["does"]
    return sha(sealed)


def check_payloads(record):
    release = record["release"]
    for payload in record["payloads"]:
        if payload_hash(payload, release["reference"]) != payload["hash"]:
            raise Altered(f"what “{payload['name']}” got is not what was signed")
        if release["manifest"].get(str(payload["channel"])) != payload["hash"]:
            raise Altered(f"“{payload['name']}” is not among the channels that were signed")
    if len(record["payloads"]) != len(release["manifest"]):
        raise Altered("the payload of a channel is missing")


def check_seal(record):
    """False when the record is too old to say which channels kept their post, so that the seal cannot be computed."""
    release = record["release"]
    seal = sha(
        {
            "reference": release["reference"],
            "kind": release["kind"],
            "note": release["note"],
            "revision": release["revision"],
            "content": record["content"],
            "snapshot": record["snapshot"],
            "payloads": [payload["hash"] for payload in record["payloads"]],
            "kept": record["kept"] or [],
        }
    )
    if seal == release["seal"]:
        return True
    if record["kept"] is None:
        return False
    raise Altered("the seal does not fit: text, note, channels or snapshot were altered")


def check_pictures(record, archive):
    there = {name.removeprefix("hinh/") for name in archive.namelist() if name.startswith("hinh/")}
    for payload in record["payloads"]:
        for image in payload["images"]:
            if image["sha256"] not in there:
                raise Altered(f"the picture {image['sha256']} is missing")
    for digest in there:
        if archive.getinfo(f"hinh/{digest}").file_size > MOST:
            raise Altered(f"the picture {digest} is too large")
        if hashlib.sha256(archive.read(f"hinh/{digest}")).hexdigest() != digest:
            raise Altered(f"the picture {digest} was altered")


def check_approval(record):
    """The entry of the audit trail that tells who signed and when."""
    approval, release = record["approval"], record["release"]
    if approval is None:
        return
    entry, link = approval["entry"], approval["link"]
    if json.loads(entry["details"]).get("seal") != release["seal"]:
        raise Altered("the audit entry of the signature tells of another seal")
    if entry["login"] != release["signer"]["login"]:
        raise Altered("the signer is not who signed, after the audit trail")
    if link is not None:
        content = hashlib.sha256(f"{TRAIL} content\n{as_json(entry)}".encode()).hexdigest()
        place = {name: link[name] for name in LINKED}
        if content != link["content"]:
            raise Altered("the audit entry of the signature was altered")
        if hashlib.sha256(f"{TRAIL} link\n{as_json(place)}".encode()).hexdigest() != link["hash"]:
            raise Altered("the place of the audit entry was altered")


def check_signatures(record, keys):
    unsigned = {name: value for name, value in record.items() if name != "signature"}
    signature = record["signature"]
    if signature["key"] not in keys:
        raise Altered("the record was signed with a key that is not in AUDIT_KEYS")
    if not hmac.compare_digest(
        mac(keys[signature["key"]], f"{FORMAT}\n{as_json(unsigned)}"), signature["mac"]
    ):
        raise Altered("the record was not signed by this installation, or altered")
    approval = record["approval"]
    if approval is None:
        return
    entry = dict(approval["entry"])
    seal = entry.pop("seal")
    if entry["key"] not in keys or not hmac.compare_digest(
        mac(keys[entry["key"]], f"{TRAIL} entry\n{as_json(entry)}"), seal
    ):
        raise Altered("the audit entry of the signature was not written by this installation")
    link = approval["link"]
    if link is not None and (
        link["key"] not in keys
        or not hmac.compare_digest(mac(keys[link["key"]], f"{TRAIL} chain\n{link['hash']}"), link["mac"])
    ):
        raise Altered("the place of the audit entry was not signed by this installation")


def verify(archive, keys=()):
    """The lines that tell what was checked. Raises Altered with the first thing that does not fit."""
    try:
        record = json.loads(archive.read("ho-so.json"))
        if record["format"] != FORMAT:
            raise Altered(f"this is no record of the format {FORMAT}")
        check_payloads(record)
        sealed = check_seal(record)
        check_pictures(record, archive)
        check_approval(record)
        if keys:
            check_signatures(record, key_names(keys))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Altered(f"the record is incomplete ({type(error).__name__}: {error})") from None
    release = record["release"]
    signer = release["signer"]
    lines = [
        f"{release['reference']} ({release['kind']}), signed by {signer['name'] or signer['login']} "
        f"at {release['sealed_at']}",
        f"{len(record['payloads'])} channels: every hash fits",
        "seal: fits" if sealed else "seal: not checked (an older release, which lacks what it covers)",
    ]
    if record["approval"] is None:
        lines.append("audit trail: no entry of this signature in the record")
    lines.append("signatures: fit" if keys else "signatures: not checked (no AUDIT_KEYS given)")
    return lines


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
        with zipfile.ZipFile(options.file) as archive:
            lines = verify(archive, keys)
    except Altered as found:
        print(f"ALTERED: {found}")
        return 1
    except (OSError, zipfile.BadZipFile) as error:
        print(f"CANNOT READ: {error}")
        return 2
    print("\n".join(["OK", *lines]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
