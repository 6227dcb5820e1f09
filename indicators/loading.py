"""Write a plan's measures: where each is listed, its figures, its comparisons.

A measure with a national code (NI, BVPI) is one measure wherever it is printed; any other is known by its words.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from indicators.models import Figure, FigureKind, FigureStatus, Group, Indicator, Listing, ListingKind
from indicators.parsing.labels import embedded_codes
from indicators.parsing.rows import ComparisonRow, FigureRow, ListedRow
from plans.documents import ParsedTable
from plans.loading import Book, Entry, numbered
from plans.names import name_key
from plans.parsing import references

_NATIONAL = re.compile(r"(?:NI|BVPI|BV)\s?\d", re.IGNORECASE)
_Row = FigureRow | ListedRow | ComparisonRow
_Place = tuple[str, str, str, str, str]  # unit, kind of listing, section, code, title


def load(book: Book, tables: Sequence[ParsedTable], *, groups: Mapping[str, str], measures: Mapping[str, str]) -> None:
    """Write the measures of one document. `groups`: key of a group's declared name -> the name it stands for; `measures`:
    key of the words that a comparison is headed with -> the national code of the measure that it is declared to be."""
    rows: list[tuple[int, _Row]] = [
        *book.rows(tables, "indicator", ListedRow),
        *book.rows(tables, "indicator", FigureRow),
        *book.rows(tables, "comparison", ComparisonRow),
    ]
    rows.sort(key=lambda pair: pair[0])
    listings = _load_listings(book, tables, rows, measures)
    _load_figures(book, tables, rows, listings, groups)


def measure_key(code: str, title: str) -> str:
    """What a measure is known by: a national code alone; any other code with its title, which several may share."""
    return name_key(code) if _NATIONAL.match(code) else f"{name_key(code)} {name_key(title)}".strip()


def _place(row: _Row, table: ParsedTable) -> _Place:
    if isinstance(row, ComparisonRow):
        return table.unit, ListingKind.COMPARISON, "", "", row.measure
    if isinstance(row, ListedRow):
        return table.unit, ListingKind.LIST, row.section, row.code, row.title
    return table.unit, ListingKind.TABLE, row.section, row.code, row.title


def _load_listings(
    book: Book, tables: Sequence[ParsedTable], rows: Sequence[tuple[int, _Row]], measures: Mapping[str, str]
) -> dict[_Place, Listing]:
    first: dict[_Place, tuple[int, _Row]] = {}
    for at, row in rows:
        first.setdefault(_place(row, tables[at]), (at, row))
    known_as = {place: _known_as(place, measures) for place in first}
    indicators = _indicators(known_as.values())
    entries = []
    for place, (at, row) in first.items():
        unit, kind, section, code, title = place
        listed = row if isinstance(row, ListedRow) else None
        entries.append(
            Entry(
                key=" / ".join((unit, kind, section, name_key(code), name_key(title))),
                values={
                    "lead_or_support": listed.lead_or_support if listed else "",
                    "service_plan": listed.service_plan if listed else "",
                    "links_printed": "" if isinstance(row, ComparisonRow) else row.links,
                },
                fixed={
                    "plan": book.plan,
                    "indicator": indicators[measure_key(*known_as[place])],
                    "unit": book.units[unit] if unit else None,
                    "kind": kind,
                    "section": section,
                    "code": code,
                    "title": title,
                },
                source=row.source,
                table=at,
            )
        )
    stored = book.upsert("listing", entries, Listing.objects.for_plan(book.plan))
    listings = {place: listing for place, listing in zip(first, stored, strict=True) if listing is not None}
    links = {place: references(_links(listing)) for place, listing in listings.items()}
    targets = book.targets(pair for pairs in links.values() for pair in pairs)
    book.link(list(listings.values()), "targets", [[targets[pair] for pair in pairs] for pairs in links.values()])
    _name_indicators(rows, tables, indicators, measures)
    return listings


def _known_as(place: _Place, measures: Mapping[str, str]) -> tuple[str, str]:
    """The code and title that a measure is known by where it is printed so."""
    _, kind, _, code, title = place
    return (measures.get(name_key(title), code) if kind == ListingKind.COMPARISON else code), title


def _links(listing: Listing) -> str:
    """The printed links, and the targets that the code ("TARGET 10" of Towards 2010) and the title ("(NI 73)") name."""
    target = re.fullmatch(r"TARGET (\d+)", listing.code)
    towards_2010 = "2010" in f"{listing.section} {listing.links_printed}"
    named = [f"T2010 Target {target[1]}"] if target and towards_2010 else []
    return "; ".join([*filter(None, [listing.links_printed]), *named, *embedded_codes(listing.title)])


def _indicators(known_as: Iterable[tuple[str, str]]) -> dict[str, Indicator]:
    """The measures of those codes and titles by key, made where they are new."""
    wanted = {measure_key(code, title): (code, title) for code, title in reversed(list(known_as))}
    found = {item.key: item for item in Indicator.objects.filter(key__in=wanted)}
    new = [
        Indicator(key=key, code=code, title=title)
        for key, (code, title) in reversed(list(wanted.items()))
        if key not in found
    ]
    return found | {item.key: item for item in Indicator.objects.bulk_create(new)}


def _name_indicators(
    rows: Sequence[tuple[int, _Row]],
    tables: Sequence[ParsedTable],
    indicators: Mapping[str, Indicator],
    measures: Mapping[str, str],
) -> None:
    """Give each measure the title of its first listing, a directorate plan's before a service plan's, so that the order
    in which plans are loaded makes no difference; and its unit of measure and decimals, where they are not known yet."""
    titles: dict[int, str] = {}
    for listing in Listing.objects.filter(indicator__in=indicators.values()).order_by(
        "plan__tier", "plan__name", "position"
    ):
        titles.setdefault(listing.indicator_id, listing.title)
    units: dict[str, str] = {}
    places: dict[str, int] = {}
    for at, row in rows:
        if not isinstance(row, ListedRow):
            key = measure_key(*_known_as(_place(row, tables[at]), measures))
            units.setdefault(key, row.measure_unit)
            if isinstance(row.value, Decimal):
                places[key] = max(places.get(key, 0), -int(row.value.as_tuple().exponent))
    changed = []
    for key, indicator in indicators.items():
        before = (indicator.title, indicator.measure_unit, indicator.decimal_places)
        indicator.title = titles.get(indicator.pk, indicator.title)
        indicator.measure_unit = indicator.measure_unit or units.get(key, "")
        if indicator.decimal_places is None:
            indicator.decimal_places = places.get(key)
        if before != (indicator.title, indicator.measure_unit, indicator.decimal_places):
            changed.append(indicator)
    if changed:
        Indicator.objects.bulk_update(changed, ["title", "measure_unit", "decimal_places"])


def _load_figures(
    book: Book,
    tables: Sequence[ParsedTable],
    rows: Sequence[tuple[int, _Row]],
    listings: Mapping[_Place, Listing],
    names: Mapping[str, str],
) -> None:
    """Write every figure and honest non-value; a cell in doubt has no status, and waits in the load report."""
    figures = [
        (at, row, listings[place])
        for at, row in rows
        if not isinstance(row, ListedRow) and row.status and (place := _place(row, tables[at])) in listings
    ]
    called = {row.group: names.get(name_key(row.group), row.group) for _, row, _ in figures if row.group}
    groups = _groups(called.values())
    keys = numbered(
        " / ".join(
            (
                listing.provenance.key if listing.provenance else "",
                name_key(called.get(row.group, "")),
                row.area if isinstance(row, ComparisonRow) else "",
                row.period,
                row.kind if isinstance(row, FigureRow) else FigureKind.ACTUAL,
                row.label,
            )
        )
        for _, row, listing in figures
    )
    entries = [
        Entry(
            key=key,
            values={"status": row.status, "value": row.value, "note": row.note, "printed": row.printed},
            fixed={
                "listing": listing,
                "group": groups.get(name_key(called.get(row.group, ""))),
                "area": row.area if isinstance(row, ComparisonRow) else "",
                "period": row.period,
                "kind": row.kind if isinstance(row, FigureRow) else FigureKind.ACTUAL,
                "label": row.label,
            },
            source=row.source,
            table=at,
        )
        for key, (at, row, listing) in zip(keys, figures, strict=True)
        if row.status in FigureStatus.values
    ]
    book.upsert("figure", entries, Figure.objects.for_plan(book.plan))


def _groups(names: Any) -> dict[str, Group]:
    wanted = {name_key(name): name for name in names}
    found = {item.key: item for item in Group.objects.filter(key__in=wanted)}
    new = [Group(name=name, key=key) for key, name in wanted.items() if key not in found]
    return found | {item.key: item for item in Group.objects.bulk_create(new)}
