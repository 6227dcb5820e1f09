"""Whether a text names a unit or one of its activities. Imports no Django.

Pressures and savings are printed for a whole plan, without a unit. One is shown as a unit's only where its own words
name the unit, and the page says so: what is named with other words is not found, rather than guessed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# What a name may go without: "Joint commissioning officers" names the Joint Commissioning Unit.
_TAIL = {"service", "services", "unit", "units", "team", "teams"}
_SHORTEST = 2  # words of a name without its tail: one word alone ("Asylum") says too many other things
_SMALL = {"and", "of", "for", "the"}
_WORD = re.compile(r"[\w+]+")


def words_of(text: str) -> list[str]:
    """The words of a text as they stand, without punctuation: "AEN&R" is AEN and R."""
    return _WORD.findall(text.replace("&", " and ").replace("'", "").replace("’", ""))


@dataclass(frozen=True, slots=True)
class Text:
    """A text as its words, and these without regard to case."""

    words: list[str]
    folded: list[str]

    @classmethod
    def of(cls, text: str) -> "Text":
        words = words_of(text)
        return cls(words, [word.casefold() for word in words])


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a unit goes by, its own or that of one of its activities."""

    name: str
    is_activity: bool
    text: Text

    @property
    def is_acronym(self) -> bool:
        words = self.text.words
        return all(word.isupper() or word == "and" for word in words) and len("".join(words)) > 1

    def stands_in_heading(self, heading: Text) -> bool:
        """Case says nothing in a heading. A name of one word must be all of it, unless it is an acronym: "STS"."""
        if self.is_acronym:
            return _stands(self.text.words, heading.words)
        if len(self.text.words) == 1:
            return heading.folded == self.text.folded
        if _stands(self.text.folded, heading.folded):
            return True
        short = self.text.folded[:-1]
        has_tail = self.text.folded[-1] in _TAIL and not self.is_activity
        return has_tail and len(short) >= _SHORTEST and _stands(short, heading.folded)

    def stands_in_prose(self, prose: Text) -> bool:
        """In a sentence a name is written with capitals, else its words are words: "multi-agency training"."""
        if self.is_acronym:
            return _stands(self.text.words, prose.words)
        if len(self.text.words) == 1:
            return False
        return any(
            all(word[0].isupper() or not word[0].isalpha() or word in _SMALL for word in prose.words[start:end])
            for start, end in _places(self.text.folded, prose.folded)
        )


def names_of(*, unit_names: Iterable[str], activities: Iterable[str], of_others: Iterable[str]) -> list[Name]:
    """The names that a unit goes by, its own before those of its activities.

    `of_others` are the activities of the plan's other units: one that several units have ("Management, Administration
    and Support") names none of them.
    """
    shared = {tuple(Text.of(name).folded) for name in of_others}
    names = [Name(name, is_activity=False, text=Text.of(name)) for name in unit_names]
    names += [Name(name, is_activity=True, text=Text.of(name)) for name in activities]
    return [name for name in names if name.text.words and not (name.is_activity and tuple(name.text.folded) in shared)]


def find_name(heading: str, explanation: str, names: Sequence[Name]) -> Name | None:
    """The first of the names that the heading or the explanation has as consecutive words; None where there is none."""
    head, prose = Text.of(heading), Text.of(explanation)
    return next((name for name in names if name.stands_in_heading(head) or name.stands_in_prose(prose)), None)


def _stands(name: Sequence[str], words: Sequence[str]) -> bool:
    return any(True for _ in _places(name, words))


def _places(name: Sequence[str], words: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Where the name stands among the words: from one, up to but without another."""
    at = -1
    while name[0] in words[at + 1 :]:
        at = words.index(name[0], at + 1)
        if words[at : at + len(name)] == name:
            yield at, at + len(name)
