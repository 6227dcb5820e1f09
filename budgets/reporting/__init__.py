"""Budget figures put together for pages and exports: the year by portfolio, a unit's table, a line's story, the export."""

from budgets.reporting.figures import COMPUTED, FIGURES, LABELS, MEMORANDA
from budgets.reporting.line import LineFigure, LineStory, effect_of_removing, line_story, removed_line
from budgets.reporting.lists import EXPORT_COLUMNS, as_printed, export_rows, lines_of_unit, lines_of_year, list_rows
from budgets.reporting.totals import Cell, TotalRow
from budgets.reporting.unit import Place, UnitBudget, place_of, plan_of_lines, unit_budget
from budgets.reporting.year import PortfolioBudget, UnitRow, YearBudget, year_budget

__all__ = [
    "COMPUTED",
    "EXPORT_COLUMNS",
    "FIGURES",
    "LABELS",
    "MEMORANDA",
    "Cell",
    "LineFigure",
    "LineStory",
    "Place",
    "PortfolioBudget",
    "TotalRow",
    "UnitBudget",
    "UnitRow",
    "YearBudget",
    "as_printed",
    "effect_of_removing",
    "export_rows",
    "line_story",
    "lines_of_unit",
    "lines_of_year",
    "list_rows",
    "place_of",
    "plan_of_lines",
    "removed_line",
    "unit_budget",
    "year_budget",
]
