"""How one knows that a figure was read rightly: its position, the row's arithmetic, the other document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from budgets.parsing.grid import BUDGET_IDENTITIES, subject_of
from budgets.parsing.rows import FIGURES
from kentplan.printed.facsimile import StoredLine
from kentplan.printed.fields import StoredRow
from plans.amounts import AmountError, parse_amount
from plans.fields import MoneyField
from plans.provenance import label_of, line_words

_SUMS = (*BUDGET_IDENTITIES, (("prior_fte", "difference"), "fte"))
_MONEY = MoneyField()
_ROUNDING = Decimal("0.15")  # what rounding of the few printed figures of a row can make


class PieceInPrint(Protocol):
    """A piece of the figure: kentplan.printed.row.Piece."""

    @property
    def text(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Sum:
    """The row added up: its parts, what is printed for their sum, and how the two compare."""

    parts: tuple[tuple[str, str, bool], ...]  # label, figure, whether it is the one that is shown
    total: tuple[str, str, bool]
    outcome: str  # ties, rounding, break
    difference: str
    only_so: bool  # none of the printed pieces alone would tie


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same figure in another document."""

    plan: str
    printed: str
    words: str
    provenance: int
    lines: str
    ties: bool
    difference: str


@dataclass(frozen=True, slots=True)
class Inferred:
    """What a lost figure must have been, by the others; shown as inferred and never summed."""

    words: str
    how: str


@dataclass(frozen=True, slots=True)
class Proof:
    """All that speaks for a reading; parts that say nothing here are None or blank."""

    position: str
    arithmetic: Sum | None
    elsewhere: Elsewhere | None
    inferred: Inferred | None


def prove(
    stored: StoredRow,
    asked: str,
    *,
    pieces: Sequence[PieceInPrint],
    width: int,
    lines: Mapping[int, StoredLine],
    siblings: Sequence[Mapping[str, Any]],
) -> Proof:
    lost = bool(asked) and stored.is_lost(asked)
    return Proof(
        position=_position(stored, asked, pieces, width, lines),
        arithmetic=None if lost else _arithmetic(stored, asked, pieces),
        elsewhere=_elsewhere(stored, asked),
        inferred=_inferred(stored, asked, siblings) if lost else None,
    )


def _position(
    stored: StoredRow, asked: str, pieces: Sequence[PieceInPrint], width: int, lines: Mapping[int, StoredLine]
) -> str:
    columns = sorted({piece.column for piece in pieces})
    if not pieces or len(columns) != 1 or not columns[0] or not width:
        return ""
    stand = ["It stands", "Both marks stand"][len(pieces) == 2] if len(pieces) < 3 else f"All {len(pieces)} marks stand"
    says = f"{stand} in column {columns[0]} of {width}, {stored.label(asked)[:1].lower()}{stored.label(asked)[1:]}."
    says = says.replace("fTE", "FTE")
    alone = [
        piece.line
        for piece in pieces
        if len(pieces) > 1 and piece.line in lines and sum(map(bool, lines[piece.line].cells)) == 1
    ]
    if alone:
        words = line_words(sorted(set(alone)))
        says += f" {words[:1].upper()}{words[1:]} hold{'s' if len(set(alone)) == 1 else ''} nothing else."
    return says


def _amounts(stored: StoredRow) -> dict[str, Decimal | None]:
    """The row's figures as the document gave them: as loaded, and as printed where the portal computes its own."""
    return _as_given(stored.provenance.loaded, stored.provenance.printed, (*FIGURES, "difference"))


def _as_given(loaded: Mapping[str, Any], printed: Mapping[str, Any], names: Iterable[str]) -> dict[str, Decimal | None]:
    found: dict[str, Decimal | None] = {}
    for name in names:
        if name in loaded:
            found[name] = None if loaded[name] is None else Decimal(loaded[name])
        elif name in printed:
            found[name] = _parsed(str(printed[name]))
    return found


def _parsed(text: str) -> Decimal | None:
    try:
        return parse_amount(text)
    except AmountError:
        return None


def _arithmetic(stored: StoredRow, asked: str, pieces: Sequence[PieceInPrint]) -> Sum | None:
    """The sum that the figure enters, or that it is."""
    amounts = _amounts(stored)
    total_cost = subject_of(str(stored.provenance.printed.get("activity", ""))) == "total_cost"
    fits = [(parts, total) for parts, total in _SUMS if asked in (*parts, total)]
    # Of two, the one that the figure is a part of says more than the one that it is the sum of.
    for parts, total in sorted(fits, key=lambda fit: asked == fit[1]):
        printed = amounts.get(total)
        there = [part for part in parts if amounts.get(part) is not None]
        if printed is None or len(there) < 2 or amounts.get(asked) is None:
            continue
        if total_cost and total == "controllable":
            continue  # the memorandum items are in it, and it is no sum of its own row
        off = printed - sum((amounts[part] or Decimal(0) for part in there), Decimal(0))
        return Sum(
            parts=tuple((label_of(part), _MONEY.words(amounts[part]), part == asked) for part in there),
            total=(label_of(total), _MONEY.words(printed), total == asked),
            outcome="ties" if not off else "rounding" if abs(off) <= _ROUNDING else "break",
            difference=_MONEY.words(off),
            only_so=len(pieces) > 1 and not _ties_otherwise(amounts, parts, total, asked, pieces),
        )
    return None


def _ties_otherwise(
    amounts: Mapping[str, Decimal | None],
    parts: Sequence[str],
    total: str,
    asked: str,
    pieces: Sequence[PieceInPrint],
) -> bool:
    """Whether the row would tie with one of the pieces read alone."""
    for piece in pieces:
        changed = {**amounts, asked: _parsed(piece.text)}
        printed = changed.get(total)
        if printed is None:
            continue
        off = printed - sum((changed.get(part) or Decimal(0) for part in parts), Decimal(0))
        if abs(off) <= _ROUNDING:
            return True
    return False


def _elsewhere(stored: StoredRow, asked: str) -> Elsewhere | None:
    """The same total in the other plan: a unit's own Controllable Totals, or its row in the directorate plan."""
    row, other = stored.row, stored.elsewhere
    if row is None or other is None or other.provenance is None or (asked and asked not in FIGURES):
        return None
    name = asked or "controllable"
    theirs, own = getattr(other, name), getattr(row, name)
    return Elsewhere(
        plan=f"The {other.plan.name} {other.plan.tier} plan",
        printed=str(other.provenance.printed.get(name, "")),
        words=_MONEY.words(theirs),
        provenance=other.provenance.pk,
        lines=line_words(other.provenance.lines),
        ties=theirs == own,
        difference=_MONEY.words(None if theirs is None or own is None else theirs - own),
    )


def _inferred(stored: StoredRow, asked: str, siblings: Sequence[Mapping[str, Any]]) -> Inferred | None:
    """A lost figure from the others: by the row's own sum, or by the column's."""
    subject = subject_of(str(stored.provenance.printed.get("activity", "")))
    amounts = _amounts(stored)
    if subject not in ("total_cost", "central", "directorate", "capital"):
        for parts, total in _SUMS:
            others = [amounts.get(part) for part in parts if part != asked]
            if asked in parts and None not in (amounts.get(total), *others):
                rest = (amounts[total] or Decimal(0)) - sum((item or Decimal(0) for item in others), Decimal(0))
                label = label_of(total).lower()
                return Inferred(_MONEY.words(rest), f"the row’s printed {label} less its other figures")
    return _inferred_from_column(stored, asked, subject, siblings)


def _inferred_from_column(
    stored: StoredRow, asked: str, subject: str, siblings: Sequence[Mapping[str, Any]]
) -> Inferred | None:
    totals: dict[str, Decimal | None] = {}
    rows: dict[tuple[int, ...], Decimal | None] = {}
    for other in siblings:
        if other["pk"] == stored.provenance.pk or asked not in {**other["loaded"], **other["printed"]}:
            continue
        amount = _as_given(other["loaded"], other["printed"], [asked]).get(asked)
        named = subject_of(str(other["loaded"].get("label") or other["printed"].get("activity", "")))
        if named:
            totals[named] = amount
        else:
            rows[tuple(other["lines"])] = amount
    controllable = totals.get("controllable")
    if controllable is None:
        return None
    if subject == "total_cost" and asked not in ("controllable", "prior_controllable"):
        how = "the row repeats the Controllable Totals in every figure but the controllable expenditure"
        return Inferred(_MONEY.words(controllable), how)
    if subject:
        return None
    rest = controllable - sum((amount or Decimal(0) for amount in rows.values()), Decimal(0))
    return Inferred(_MONEY.words(rest), "the column’s total less the other rows")
