"""Faults as errors of the form, next to the field they belong to."""

from collections.abc import Iterable
from typing import Any, Final

from django.core.exceptions import ValidationError

from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError
from wagtail.blocks.list_block import ListBlockValidationError

from cms.information.selfcheck.rules import Fault

_IN_ROWS: Final = {"leads_to": "answers", "do": "do"}
"""Field of a fault in one row → the list the row stands in."""


def errors(found: Iterable[Fault]) -> dict[str, ValidationError]:
    """Field of the draft → its error; of two faults at one place the first is told."""
    parts: dict[str, list[Fault]] = {}
    for fault in found:
        parts.setdefault(fault.part, []).append(fault)
    return {part: _of_part(part, faults) for part, faults in parts.items()}


def _of_part(part: str, faults: list[Fault]) -> ValidationError:
    if part.startswith("advice_"):
        return ValidationError([fault.message for fault in faults])
    blocks: dict[int, list[Fault]] = {}
    for fault in faults:
        if fault.block is not None:
            blocks.setdefault(fault.block, []).append(fault)
    return StreamBlockValidationError(
        block_errors={number: _of_block(inner) for number, inner in blocks.items()},
        non_block_errors=[fault.message for fault in faults if fault.block is None],
    )


def _of_block(faults: list[Fault]) -> StructBlockValidationError:
    fields: dict[str, Any] = {}
    rows: dict[str, dict[int, ValidationError]] = {}
    for fault in faults:
        error = ValidationError(fault.message)
        if fault.row is None:
            fields.setdefault(fault.field, error)
            continue
        if fault.field == "leads_to":
            error = StructBlockValidationError(block_errors={"leads_to": error})
        rows.setdefault(_IN_ROWS[fault.field], {}).setdefault(fault.row, error)
    for name, inner in rows.items():
        fields.setdefault(name, ListBlockValidationError(block_errors=inner))
    return StructBlockValidationError(block_errors=fields)
