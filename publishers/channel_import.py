"""Many channels at once, from a CSV or XLSX table: checked row by row, then added together."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail.log_actions import log

from cms.core.text import collapse, fold, nfc
from publishers import registry
from publishers.adapters import replies
from publishers.models import Channel, Credential, Operator

MAX_BYTES: Final = 1536 * 1024
MAX_UNPACKED: Final = 40 * 1024 * 1024
MAX_ROWS: Final = 5000
COLUMNS: Final = {
    "name": "Tên kênh",
    "kind": "Loại kênh",
    "remote_id": "Mã trên nền tảng",
    "account": "Tài khoản",
    "area": "Địa bàn",
    "operator": "Người đăng",
    "operator_email": "E-mail người đăng",
    "platform": "Nơi đăng (zalo, facebook, other)",
    "url": "Địa chỉ",
}
_IDENTIFIER = re.compile(r"[\w.:-]{1,120}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,}")


class Unreadable(ValueError):
    """The file is no table we can read; the text says why and what to do."""


@dataclass(slots=True)
class Row:
    """One row of the table and what came of checking it."""

    number: int
    """As the spreadsheet counts it: the heading is row 1."""
    values: dict[str, str]
    problems: list[str] = field(default_factory=list)
    known: bool = False
    """This destination already is a channel; nothing is changed."""
    channel: Channel | None = None
    operator: tuple[str, str] | None = None


def template(kind: str) -> bytes:
    """An empty table with the headings and one example: ``csv`` or ``xlsx``."""
    example = [
        "Trang Công an phường An Hải",
        "facebook_page",
        "100200300",
        "Trang phường An Hải",
        "Phường An Hải",
    ]
    rows = [list(COLUMNS.values()), [*example, "", "", "", ""]]
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        return text.getvalue().encode("utf-8-sig")
    # Loaded with the first table: every process of the installation starts sooner without it.
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(name: str, data: bytes) -> list[Row]:
    """The rows of an uploaded table, checked. Raises Unreadable for what is no such table."""
    if len(data) > MAX_BYTES:
        raise Unreadable(
            _("The file is larger than 1.5 MB. Split it and upload the parts one after the other.")
        )
    cells = _xlsx(data) if data[:4] == b"PK\x03\x04" else _csv(data)
    heading = next(cells, [])
    places = _places(heading)
    rows: list[Row] = []
    for number, line in enumerate(cells, start=2):
        values = {key: collapse(nfc(line[at]))[:500] if at < len(line) else "" for key, at in places.items()}
        if not any(values.values()):
            continue
        if len(rows) == MAX_ROWS:
            raise Unreadable(_("The table has more than %d rows. Split it.") % MAX_ROWS)
        rows.append(Row(number, values))
    if not rows:
        raise Unreadable(_("The table has no rows below its heading. Fill it in and upload it again."))
    _check(rows)
    return rows


def add(rows: Iterable[Row], user: Any) -> int:
    """Add every row that is right and new, in one transaction. Returns how many."""
    good = [row for row in rows if row.channel is not None and not row.problems and not row.known]
    with transaction.atomic():
        operators = _operators({row.operator for row in good if row.operator})
        for row in good:
            assert row.channel is not None  # noqa: S101  asked for above
            row.channel.operator = operators.get(row.operator) if row.operator else None
        made = Channel.objects.bulk_create([row.channel for row in good if row.channel], batch_size=500)
        if made:
            log(
                instance=made[0],
                action="publishers.import_channels",
                user=user,
                data={"channel": str(made[0]), "count": len(made)},
            )
    return len(made)


def _check(rows: Sequence[Row]) -> None:
    kinds = {fold(str(kind.label)): key for key, kind in registry.kinds().items()}
    kinds |= {key: key for key in registry.kinds()}
    accounts = {fold(account.label): account for account in Credential.objects.all()}
    names = {fold(name) for name in Channel.objects.values_list("name", flat=True)}
    there = set(Channel.objects.values_list("kind", "remote_id"))
    for row in rows:
        key = kinds.get(fold(row.values.get("kind", "")))
        if key is None or key in ("portal", "feed"):
            row.problems.append(
                _("Kind of channel: “%(value)s” is unknown. Write one of: %(known)s.")
                % {
                    "value": row.values.get("kind", ""),
                    "known": ", ".join(k for k in registry.kinds() if k not in ("portal", "feed")),
                }
            )
            continue
        _check_one(row, key, accounts)
        if (key, row.values["remote_id"]) in there and not row.problems:
            row.known = True
            continue
        if fold(row.values["name"]) in names:
            row.problems.append(_("Name: there already is a channel with this name. Choose another."))
        if not row.problems:
            names.add(fold(row.values["name"]))
            there.add((key, row.values["remote_id"]))


def _check_one(row: Row, key: str, accounts: dict[str, Credential]) -> None:
    kind, values = registry.kinds()[key], row.values
    if not values.get("name") or len(values["name"]) > 120:
        row.problems.append(_("Name: write a name of at most 120 characters."))
    if not _IDENTIFIER.fullmatch(values.get("remote_id", "")):
        row.problems.append(
            _("Identifier: only letters without marks, digits and . : - _ stand in an identifier.")
        )
    account = accounts.get(fold(values.get("account", "")))
    if kind.account and not values.get("account"):
        row.problems.append(_("Account: write the name it has under Channels → Accounts."))
    elif kind.account and account is None:
        row.problems.append(
            _("Account: “%s” is unknown. Connect it first under Channels → Accounts.") % values["account"]
        )
    elif kind.account and account is not None and account.kind != kind.account:
        row.problems.append(_("Account: it is of another kind than the channel."))
    options: dict[str, str] = {}
    for option in kind.options:
        value = values.get("platform" if option.choices else "url", "") if option.name != "reply_to" else ""
        if option.choices and value and value not in dict(option.choices):
            row.problems.append(_("Where it is posted: write zalo, facebook or other."))
        elif option.name.endswith("url") and value and not replies.address(value):
            row.problems.append(_("Address: it must begin with https://."))
        elif option.required and not value:
            row.problems.append(_("“%s” is missing.") % option.label)
        elif value:
            options[option.name] = value
    email = values.get("operator_email", "")
    if email and not _EMAIL.fullmatch(email):
        row.problems.append(_("E-mail of the operator: this is no e-mail address."))
    if values.get("operator"):
        row.operator = (values["operator"][:120], email)
    row.channel = Channel(
        name=values.get("name", "")[:120],
        kind=key,
        remote_id=values.get("remote_id", "")[:120],
        area=values.get("area", "")[:120],
        credential=account if kind.account else None,
        options=options,
    )


def _operators(wanted: set[tuple[str, str] | None]) -> dict[tuple[str, str] | None, Operator]:
    asked = {person for person in wanted if person}
    known = Operator.objects.filter(name__in={name for name, _email in asked})
    found: dict[tuple[str, str] | None, Operator] = {(row.name, row.email): row for row in known}
    fresh = [Operator(name=name, email=email) for name, email in sorted(asked - set(found))]
    for row in Operator.objects.bulk_create(fresh):
        found[row.name, row.email] = row
    return found


def _places(heading: Sequence[str]) -> dict[str, int]:
    folded = [fold(collapse(nfc(cell))) for cell in heading]
    places = {}
    for key, label in COLUMNS.items():
        for name in (fold(label), key):
            if name in folded:
                places[key] = folded.index(name)
                break
    missing = [COLUMNS[key] for key in ("name", "kind", "remote_id") if key not in places]
    if missing:
        raise Unreadable(
            _("The first row must name the columns; these are missing: %s. Start from the template.")
            % ", ".join(missing)
        )
    return places


def _csv(data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(_("The file is not UTF-8 text. Save it as “CSV UTF-8”, or as XLSX.")) from error
    if "\0" in text:
        raise Unreadable(_("This is neither CSV nor XLSX. Start from the template."))
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter)
    except csv.Error as error:
        raise Unreadable(_("The table is damaged. Save it again and upload it.")) from error


def _xlsx(data: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    try:
        _require_modest(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=50, values_only=True):
            yield [_cell(value) for value in row]
    except Unreadable:
        raise
    except Exception as error:
        # A hostile workbook may raise anything at all out of its XML.
        raise Unreadable(_("The table is damaged. Save it again and upload it.")) from error


def _require_modest(data: bytes) -> None:
    """A small file can unpack to gigabytes; its own index says how much."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(item.file_size for item in archive.infolist())
    if unpacked > MAX_UNPACKED:
        raise Unreadable(_("The table unpacks to more than it should. Save it as CSV and upload that."))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
