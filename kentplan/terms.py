"""The words of a council's plan, each explained in a sentence: on the help page, and on demand wherever it stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A word as it stands within a sentence, and the sentence that explains it."""

    key: str  # its anchor on the help page
    name: str
    sentence: str
    several: bool = False  # the word names more than one thing

    @property
    def question(self) -> str:
        return f"What {'are' if self.several else 'is'} {self.name}?"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a group of terms is about, in the order of reading."""

    name: str
    terms: tuple[Term, ...]


SUBJECTS = (
    Subject(
        "Money and posts",
        (
            Term(
                "controllable",
                "controllable",
                "What a unit itself decides to spend, less what it earns: gross plus external and internal income, "
                "which are printed as negatives.",
            ),
            Term(
                "gross",
                "gross",
                "What is spent before any income is taken off: employee costs, running costs, and contracts and "
                "projects.",
            ),
            Term(
                "income",
                "external and internal income",
                "What comes in, printed as a negative: external from grants, fees and other bodies, internal from "
                "other parts of the council.",
                several=True,
            ),
            Term(
                "fte",
                "FTE",
                "Full-time equivalents: posts counted by their hours, so that two half-time posts are one.",
            ),
            Term(
                "budget-line",
                "a budget line",
                "One activity of a unit in one year: its posts, its spending by kind and its income, on one row.",
            ),
            Term(
                "memorandum",
                "memorandum items",
                "Shares of central and directorate overheads and capital charges, shown below the lines because the "
                "unit answers for them but does not decide them; with the controllable total they make the total cost "
                "of the unit.",
                several=True,
            ),
            Term(
                "control-total",
                "a control total",
                "A total as the plan printed it, such as a unit’s row in its portfolio’s table, against which the "
                "lines are compared; it is never added to them.",
            ),
            Term(
                "core-service",
                "a core service",
                "What a budget line pays for: what it provides, how much of it, and the manager who answers for it.",
            ),
            Term(
                "pressure",
                "a pressure",
                "A cost that the medium term plan adds to a unit’s budget, such as pay awards or more pupils; a "
                "saving is the same thing downwards.",
            ),
            Term(
                "virement",
                "a virement",
                "A transfer of budget within the year: what one line gains another loses, with a reason and a second "
                "person’s approval.",
            ),
            Term(
                "establishment",
                "the establishment",
                "The posts of each division, last year and this year, with the reasons for the difference.",
            ),
            Term(
                "abg",
                "ABG",
                "Area Based Grant: money from government to an area as a whole, for the council and its partners to "
                "use as they see fit.",
            ),
        ),
    ),
    Subject(
        "Organisation",
        (
            Term(
                "unit",
                "a unit",
                "The part of a directorate that has a budget and a manager of its own, such as the Attendance and "
                "Behaviour Service.",
            ),
            Term(
                "portfolio",
                "a portfolio",
                "The units that one Cabinet Member answers for, which may stand in several divisions.",
            ),
            Term(
                "plan",
                "a plan",
                "The business plan of a directorate (all its units, a row each) or of a service (its own lines, "
                "measures and actions) for one financial year.",
            ),
            Term(
                "poc",
                "a Policy Overview Committee",
                "The elected councillors who look at how a directorate is doing, twice a year, and ask questions.",
            ),
        ),
    ),
    Subject(
        "Checks and reading",
        (
            Term("ties", "“ties”", "Two figures that should be the same are the same."),
            Term(
                "rounding",
                "a rounding",
                "Two figures differ by no more than honest rounding of the printed figures can make: one in 0.1 or "
                "so, more where many are added.",
            ),
            Term(
                "break",
                "a break",
                "Two figures that should be the same differ by more than rounding can explain; it is shown with its "
                "size, may be explained in a note, and is never corrected in silence.",
            ),
            Term(
                "not-checked",
                "“not checked”",
                "The two figures cannot be compared, for instance because one was lost in print; the reason is given, "
                "and it is not counted as a tie.",
            ),
            Term(
                "repair",
                "a repair",
                "A figure or label that the printed text had split, moved or parted from its row, put right where "
                "position and arithmetic prove it; the mark beside the figure leads to what was printed.",
            ),
            Term(
                "doubt",
                "a doubt",
                "Something in a document that can be read in more than one way: the cell stays empty until somebody "
                "answers, with a reason.",
            ),
        ),
    ),
    Subject(
        "Measures",
        (
            Term(
                "measure",
                "a measure",
                "Something counted to see how a service is doing, with its results, estimates and targets by year.",
            ),
            Term(
                "estimate",
                "an estimate",
                "What the unit expected the result to be when the plan was written, before the result was in.",
            ),
            Term(
                "awaited",
                "“awaited”",
                "There will be a figure but it is not in yet; like “not available” or “no target set” it is never "
                "taken for nil.",
            ),
            Term(
                "polarity",
                "“higher is better”",
                "Whether a rise in the measure is good or bad; where nobody has said, the portal says neither better "
                "nor worse.",
            ),
            Term(
                "statistical-neighbours",
                "statistical neighbours",
                "The councils most like this one, whose average shows what may be expected.",
                several=True,
            ),
            Term(
                "ni", "NI", "National Indicator: one of the numbered measures that government sets for every council."
            ),
        ),
    ),
    Subject(
        "Actions and targets",
        (
            Term(
                "action",
                "a key action",
                "Something a unit promises to do in the year, with the managers who answer for it.",
            ),
            Term(
                "deliverable",
                "a deliverable",
                "What there will be when an action is done, with its own target date, as precise as it was printed.",
            ),
            Term(
                "corporate-target",
                "a corporate target",
                "An aim of the whole council or its partners, such as a National Indicator or a priority of the "
                "Children and Young People’s Plan, that actions and measures serve.",
            ),
            Term(
                "lead-role",
                "a lead role",
                "Who answers for a corporate target: the officer leads on it, leads jointly with others, or supports.",
            ),
            Term(
                "laa",
                "LAA",
                "Local Area Agreement (the Kent Agreement): targets agreed for three years between government, the "
                "council and its partners.",
            ),
            Term(
                "cypp",
                "CYPP",
                "The Children and Young People’s Plan, of the council and its partners: priorities, outcomes, numbered "
                "actions and enablers.",
            ),
            Term("t2010", "T2010", "Towards 2010: the council’s own targets for the years up to 2010."),
            Term("v4k", "V4K", "Vision for Kent: the long-term strategy of the county’s public bodies together."),
            Term(
                "jar",
                "JAR",
                "Joint Area Review: an inspection of all an area’s services for children and young people.",
            ),
        ),
    ),
)
TERMS = {term.key: term for subject in SUBJECTS for term in subject.terms}
