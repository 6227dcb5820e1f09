"""Measures put together for pages and exports: the lists of a year, a unit's measures, one measure's story."""

from indicators.reporting.figures import Column, Measure, Row, Shown
from indicators.reporting.lists import (
    EXPORT_COLUMNS,
    LISTING_COLUMNS,
    export_rows,
    list_rows,
    listed_sentence,
    listing_export_rows,
    listing_rows,
    listings_of_year,
    measures_of_year,
    unit_export_rows,
    year_sentence,
)
from indicators.reporting.sheet import Sheet, cells_of, sheet_of
from indicators.reporting.story import MeasureStory, measure_story, name_then
from indicators.reporting.units import UnitMeasures, unit_measures
from indicators.reporting.words import KENT, in_words, when

__all__ = [
    "EXPORT_COLUMNS",
    "KENT",
    "LISTING_COLUMNS",
    "Column",
    "Measure",
    "MeasureStory",
    "Row",
    "Sheet",
    "Shown",
    "UnitMeasures",
    "cells_of",
    "export_rows",
    "in_words",
    "list_rows",
    "listed_sentence",
    "listing_export_rows",
    "listing_rows",
    "listings_of_year",
    "measure_story",
    "measures_of_year",
    "name_then",
    "sheet_of",
    "unit_export_rows",
    "unit_measures",
    "when",
    "year_sentence",
]
