"""Texts as search compares them, and what of them it marks."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from kentplan.folding import LONGEST_QUERY, MOST_TERMS, Query, fold, marked, passage

# Letters that both sides put into small ones alike: a database in the locale C knows the capitals of English only.
TEXTS = st.text(st.characters(max_codepoint=0x2100, exclude_categories=["Cs", "Lu", "Lt"], exclude_characters="\x00"))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("AEN&R", " aen and r "),
        ("aen  &  R", " aen and r "),
        ("NI 103 a)", " ni 103 a "),
        ("ni103a", " ni 103 a "),
        ("Children’s / Children's", " childrens childrens "),
        ("Pupil – Teacher-Ratio\xa05%", " pupil teacher ratio 5 "),
        ("5 A*-C", " 5 a c "),
        ("Café", " café "),
        ("%_\\", " "),
        ("", " "),
    ],
)
def test_fold_takes_out_what_makes_no_difference(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["AEN&R", "NI103a", "Children’s", "Café – 5%", "%_\\", "", "a\tb\u2028c\ufffd", "1st2"]
)
def test_database_folds_by_the_same_rules(text: str) -> None:
    assert folded_by_database(text) == fold(text).strip()


@pytest.mark.django_db(transaction=False)
def test_database_folds_any_text_by_the_same_rules() -> None:
    @given(TEXTS)
    def check(text: str) -> None:
        assert folded_by_database(text) == fold(text).strip()

    check()


def folded_by_database(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kentplan_folded(%s)", [text])
        folded: str = cursor.fetchone()[0]
    return folded.strip()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("persistent absence", ("persistent", "absence")),
        ("Absence absence", ("absence",)),
        ("NI 103", (" ni", " 103")),
        ("ni103", (" ni 103",)),
        ("AEN & R", ("aen and r",)),
        ("%", ()),
        ("  \x00 ", ()),
        ("", ()),
    ],
)
def test_query_asks_for_each_word_and_for_short_ones_where_a_word_begins(typed: str, wanted: tuple[str, ...]) -> None:
    assert Query.of(typed).wanted == wanted


@given(st.text(max_size=2000))
def test_query_of_anything_is_bounded_and_without_wildcards(typed: str) -> None:
    query = Query.of(typed)

    assert len(query.typed) <= LONGEST_QUERY
    assert len(query.terms) <= MOST_TERMS
    assert not set("%_\\\x00") & set("".join(query.wanted))


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("Persistent Absence rate", "absence persistent", ["Persistent", "Absence"]),
        ("NI 103 a) statements", "ni103", ["NI 103"]),
        ("The Children’s Trust", "childrens", ["Children’s"]),
        ("Advice to AEN&R panels", "aen and r", ["AEN&R"]),
        ("Training in Kent", "in", ["in"]),
        ("2010 and 110", "10", []),
        ("Nothing", "%", []),
    ],
)
def test_words_that_were_found_are_marked(text: str, typed: str, found: list[str]) -> None:
    parts = marked(text, Query.of(typed))

    assert "".join(part.text for part in parts) == text
    assert [part.text for part in parts if part.found] == found


@given(st.text(max_size=300), st.text(max_size=20))
def test_marking_loses_nothing_of_any_text(text: str, typed: str) -> None:
    assert "".join(part.text for part in marked(text, Query.of(typed))) == text


def test_passage_of_a_long_text_is_cut_round_the_first_word_that_was_found() -> None:
    text = f"{'before ' * 60}the needle {'after ' * 60}"

    parts = passage(text, Query.of("needle"), length=100)

    shown = "".join(part.text for part in parts)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= 104
    assert [part.text for part in parts if part.found] == ["needle"]


@given(st.text(max_size=600), st.text(max_size=10), st.integers(20, 120))
def test_passage_is_never_much_longer_than_asked(text: str, typed: str, length: int) -> None:
    assert sum(len(part.text) for part in passage(text, Query.of(typed), length=length)) <= length + 4
