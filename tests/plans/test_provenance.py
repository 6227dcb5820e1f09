"""A row's provenance in words."""

import re
from pathlib import Path

import pytest

from plans.provenance import SENTENCES, in_words, line_words, repaired_fields, told

ROOT = Path(__file__).resolve().parent.parent.parent
MINUS = {
    "rule": "minus on another line",
    "lines": [257, 259],
    "column": "internal_income",
    "was": "- / 1,870.2",
    "now": "-1,870.2",
}


def test_repaired_fields_are_those_of_the_repairs() -> None:
    label = {"rule": "label over several lines", "lines": [1, 2], "column": "activity", "was": "a / b", "now": "a b"}

    assert repaired_fields([MINUS, label, {**label, "column": ""}]) == {"internal_income", "activity"}


def test_a_repair_says_how_it_was_read_and_whether_a_page_break_parts_its_lines() -> None:
    parted = in_words(MINUS)
    beside = in_words({**MINUS, "lines": [258, 259]})

    assert parted.was == ("-", "1,870.2")
    assert parted.says.startswith("The minus and the digits stand on two lines, with a page break between them.")
    assert beside.says.startswith("The minus and the digits stand on two lines. ")


def test_a_declared_correction_keeps_value_reason_and_who_apart() -> None:
    now = "Early Years (Children) (The labels (all 13) ran together; The finance team)"

    told_ = in_words({"rule": "declared correction", "lines": [311], "column": "activity", "was": "", "now": now})

    assert (told_.now, told_.reason, told_.by) == (
        "Early Years (Children)",
        "The labels (all 13) ran together",
        "The finance team",
    )
    assert told_.was == ()


def test_a_figure_that_slid_is_told_without_the_label_that_it_stood_beside() -> None:
    repair = {**MINUS, "rule": "figure slid from its row", "was": "4,115.1 beside “Memorandum Items”", "now": "4,115.1"}

    assert in_words(repair).was == ("4,115.1",)


def test_repairs_that_rows_share_are_told_once() -> None:
    assert len(told([MINUS, dict(MINUS), {**MINUS, "column": "running"}])) == 2


def test_every_rule_of_the_parsers_has_its_sentence() -> None:
    sources = "".join(path.read_text() for path in ROOT.glob("*/parsing/*.py"))
    named = set(re.findall(r'Repair\(\s*"([a-z][^"]+)"', sources))
    named |= set(re.findall(r'\brule\s*=\s*\(?"([a-z][^"]+)"', sources))
    named |= set(re.findall(r'(?:\bif\b|\belse\b) "((?:row goes|label|figure|minus|continued)[^"]*)"', sources))
    named |= set(re.findall(r'"((?:row goes on|label (?:parted|over)|figure (?:split|slid)|continued)[^"]*)"', sources))

    assert len(named) > 10
    assert named <= set(SENTENCES)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((254,), "line 254"),
        ((257, 259), "lines 257 and 259"),
        ((3, 4, 5), "lines 3 to 5"),
        ((1, 3, 9), "lines 1, 3 and 9"),
    ],
)
def test_lines_in_words(lines: tuple[int, ...], words: str) -> None:
    assert line_words(lines) == words
