"""A table of measures from a few lines: read, parsed, and told in short."""

from typing import Any

from indicators.parsing import KINDS, parse
from plans.documents import Context, Correction, Document, Parsed, read

FIGURES = (
    "Indicator <i>local/national indicators as appropriate e.g. LAA2, 2010, NIs</i>\tActual performance 2007/2008\t"
    "Estimated /actual performance 2008/09\tTarget 2009/10"
)
STAGES = (
    "Indicator <i>NIs</i>\tActual performance 2007/2008 Key Stage Outcomes 2007\t"
    "Actual performance 2008/09 Key Stage Outcomes 2008\tTarget 2009/10 Key Stage Outcomes 2009"
)
LIST = "Performance Measure or Activity\t\tRelevant Service level plan\tLink to strategic priority"
TARGETS = "Target\tPerformance Indicator\tRelevant Service level plan\tLink to strategic priority"
GROUPS = "Ethnic Group\tKent 2007\tEngland 2007"
AREAS = "\tKent 2007/8\tNational Comparison 2007/8 (to be validated by DCSF)"
AT = 6  # the number of the first body line


Corrections = dict[tuple[int, str], Correction]


def parsed(*body: str, header: str = FIGURES, above: str = "", corrections: Corrections | None = None) -> Parsed:
    text = "\n".join(
        ["SERVICE LEVEL BUSINESS PLAN 2009/10 FOR Commissioning", "", above or "Specialist Teaching Service"]
    )
    reading = read(Document("\n".join([text, "", header, *body]), "plan.txt"), KINDS)
    assert len(reading.tables) == 1
    table = reading.tables[0]
    assert table.body[0].number == AT
    result = parse(table, Context(reading.year, reading.tier, corrections or {}))
    # Whatever happens, each body line has exactly one outcome.
    assert [outcome.line for outcome in result.outcomes] == [line.number for line in table.body]
    return result


def over_a_page(*rows: str, header: str = FIGURES) -> list[str]:
    """The rows with a page break before the last of them."""
    return [*rows[:-1], "", header, rows[-1]]


def rows(result: Parsed) -> list[Any]:
    return [row for table in result.tables for row in table.rows]


def values(result: Parsed, title: str = "", group: str = "") -> list[Any]:
    """What the figures of a measure, or of one of its groups, are: the value, else the status."""
    return [
        row.value if row.status == "value" else row.status
        for row in rows(result)
        if title in row.title and row.group == group
    ]


def said(result: Parsed) -> list[str]:
    return [outcome.outcome for outcome in result.outcomes]


def correction(line: int, field: str, was: str, value: str) -> Corrections:
    return {(line, field): Correction(line, field, was, value, "the printed copy", "J. Smith")}


def asked(result: Parsed) -> list[tuple[tuple[int, ...], str]]:
    assert not result.errors
    return [(doubt.lines, doubt.column) for doubt in result.doubts]
