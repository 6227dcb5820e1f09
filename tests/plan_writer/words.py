"""Invented units, people, activities and sentences. No name of the published plans is used."""

import random
from collections.abc import Sequence
from dataclasses import dataclass


def listed(text: str) -> tuple[str, ...]:
    """The terms between the semicolons."""
    return tuple(" ".join(term.split()) for term in text.split(";"))


PLACES = listed("""
    Harbour; Quarry; Orchard; Lighthouse; Viaduct; Meadow; Foundry; Chapel; Windmill; Ferry; Causeway; Granary; Beacon;
    Marsh; Tannery; Priory; Weir; Boathouse; Colliery; Dairy; Smithy; Abbey; Turnpike; Warren; Saltings; Hopfield;
    Signal; Almshouse; Towpath; Icehouse; Pinfold; Drovers; Ropewalk; Millpond; Cornmarket; Reservoir; Observatory;
    Botanic; Heathland; Foreshore; Woodland; Canal; Tramway; Museum; Archive; Allotment; Bandstand; Cemetery; Coroner;
    Trading; Highways; Licensing; Registrar; 16+; 14-24; H&S; Drainage; Kerbside; Pavement; Streetlight; Recycling;
    Arboretum; Planetarium
""")
TASKS = listed("""
    Advice; Care; Grants; Heritage; Inspection; Learning; Liaison; Lending; Maintenance; Monitoring; Outreach; Permits;
    Planning; Purchasing; Recovery; Research; Safety; Surveys; Transport; Warden
""")
BODIES = ("Unit", "Service", "Team", "Programme", "Office")
FIRST = listed(
    "Ada; Ben; Cleo; Dov; Elsie; Femi; Gwen; Hari; Iris; Jonah; Kemi; Lars; Mona; Noor; Olaf; Petra; Quin; Tess"
)
LAST = listed("""
    Ashdown; Birtwhistle; Cole; Dunmore; Egerton; Farthing; Gale; Hollis; Ingram; Jessop; Kettle; Lomax; Marchbank;
    Nettleship; Orme; Pargeter; Quayle; Rooke; Sorrel; Thwaite; Underhill; Varley; Winter; Yarrow
""")
VERBS = listed(
    "Agree; Audit; Build; Consult; Deliver; Draft; Extend; Publish; Recruit; Renew; Repair; Review; Test; Train"
)
THINGS = listed("""
    new framework; annual survey; lending policy; training programme; depot network; safety standard; volunteer scheme;
    booking system; asset register; partnership agreement; customer charter; contract terms; shared database; site plan
""")
ENDS = listed("""
    in all districts; with local partners; for older residents; across the county; by the end of the year;
    in 12 pilot areas; for 1,250 households; e.g. through joint visits; at 5 depots; with 3.5% fewer complaints
""")
PLANS = ("T2010", "LAA", "Vision for Tomorrow", "Community Strategy", "Best Value Review", "Efficiency Plan")
MEASURES = listed("""
    Residents satisfied with {}; Visits to {} per 1,000 residents; Repairs to {} completed on time;
    Applications for {} decided within 8 weeks; Proportion of {} inspected in the year; Average waiting time for {};
    Proportion of {} completed inc. repeat visits; Schools taking part in {}; Households helped by {};
    Complaints about {} upheld
""")
GROUPS = listed("All Residents; Under 16; 16 to 24; Aged 25-64; 65 and over; Carers; Disabled Residents; Other")


@dataclass(frozen=True, slots=True)
class Label:
    """A label and where it may be broken over two lines."""

    first: str
    rest: str

    @property
    def text(self) -> str:
        return f"{self.first} {self.rest}"


class Names:
    """Names that are never given twice in one plan."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.places = rng.sample(PLACES, len(PLACES))
        self.serial = 0

    def place(self) -> str:
        """A word that no other name of the plan begins with."""
        if self.places:
            return self.places.pop()
        self.serial += 1
        return f"{self.rng.choice(PLACES)} Ward {self.serial}"

    def label(self, *shapes: str) -> Label:
        """Of a unit or an activity. `signed` shapes show by themselves that the first line is not the whole label."""
        rng = self.rng
        shape = rng.choice(shapes or ("plain", "and", "bracket", "dash", "lower"))
        place, task, body = self.place(), rng.choice(TASKS), rng.choice(BODIES)
        if shape == "plain":
            return Label(f"{place} {task}", body)
        if shape == "and":
            return Label(f"{place} and", f"{task} {body}")
        if shape == "bracket":
            return Label(f"{place} {body} ({task} and", f"{rng.choice(TASKS)})")
        if shape == "dash":
            return Label(f"{place} {task} –", body)
        return Label(f"{place} {task}", "for young residents")

    def person(self) -> str:
        return f"{self.rng.choice(FIRST)} {self.rng.choice(LAST)}"

    def people(self) -> str:
        joint = self.rng.choice(("{}", "{}", "{}/ {}", "{} and {}", "{}, Head of Service"))
        return joint.format(self.person(), self.person())

    def sentence(self) -> str:
        """Never the same twice: it tells a row from others of its line."""
        self.serial += 1
        rng = self.rng
        return f"{rng.choice(VERBS)} the {rng.choice(THINGS)} {self.serial} {rng.choice(ENDS)}"

    def measure(self) -> str:
        self.serial += 1
        rng = self.rng
        return rng.choice(MEASURES).format(f"{rng.choice(TASKS).lower()} {rng.choice(THINGS)} {self.serial}")

    def links(self) -> str:
        rng = self.rng
        number = rng.randint(1, 9)
        return rng.choice(
            (
                f"{rng.choice(PLANS)} {rng.choice(PLANS)}",
                f"CYPP {number}, {number + 1}, {number + 2}",
                f"{rng.choice(PLANS)} Target {number}",
                f"CYPP Priority {number}/ {rng.choice(PLANS)}",
                rng.choice(PLANS),
                "",
            )
        )


def paragraphs(pieces: Sequence[str]) -> str:
    return " ".join(f"<p>{piece}</p>" for piece in pieces)


def bullets(pieces: Sequence[str], mark: str = "•") -> str:
    return '<ul style="list-style-type: none"> ' + " ".join(f"{mark} {piece}" for piece in pieces) + " "


def initials(names: Names) -> str:
    return "".join(word[0] for word in names.person().split())
