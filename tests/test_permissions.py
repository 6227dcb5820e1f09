"""Who gets what from every address of the portal, by one written table. A new address fails here until it is listed.

A rule says what each persona is answered by method: ANYONE is whoever holds a role. Nobody without a role is told that
a page of the portal exists (404), and nobody who has not signed in gets further than the sign-in page (302).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from budgets.models import BudgetLine
from history.changes import change_set
from indicators.models import Listing
from kentplan.doubts.questions import key_of
from people.models import Grant, User
from plans.models import Correction, Document, FinancialYear, Provenance, Unit
from projects.models import KeyAction
from tests.factories import (
    AliasFactory,
    BudgetLineFactory,
    CorrectionFactory,
    DeliverableFactory,
    DocumentFactory,
    FigureFactory,
    PeriodFactory,
    ProvenanceFactory,
    UnitYearFactory,
    UserFactory,
)

ANONYMOUS = "anonymous"
STRANGER = "stranger"
FINANCE = "finance_officer"
MANAGER = "unit_manager"  # of the unit that the addresses are about
OTHER_MANAGER = "other_manager"
MEMBER = "poc_member"
ADMINISTRATOR = "plan_administrator"
APPROVER = "approver"
AUDITOR = "auditor"
ANYONE = (FINANCE, MANAGER, OTHER_MANAGER, MEMBER, ADMINISTRATOR, APPROVER, AUDITOR)
PERSONAS = (ANONYMOUS, STRANGER, *ANYONE)

SIGN_IN = 302
UNKNOWN = 404
REFUSED = 403
NO_METHOD = 405
STALE = 409  # an edit without the version that its form was opened with
EMPTY_FORM = 200  # shown again with what is missing


@dataclass(frozen=True)
class World:
    """One of each thing that addresses name, all of one unit in one year."""

    year: FinancialYear
    unit: Unit
    line: BudgetLine
    listing: Listing
    action: KeyAction
    document: Document

    @classmethod
    def make(cls) -> "World":
        place = UnitYearFactory()
        line = BudgetLineFactory(unit=place.unit, plan__year=place.year)
        listing = FigureFactory(listing__unit=place.unit, listing__plan=line.plan).listing
        FigureFactory(listing=listing, kind="actual", period="2007/08")
        action = DeliverableFactory(action__unit=place.unit, action__plan=line.plan).action
        return cls(place.year, place.unit, line, listing, action, DocumentFactory(plan=line.plan))


@dataclass(frozen=True)
class Rule:
    """What an address answers: the status for GET (HEAD alike) and POST, by persona. Other methods are refused."""

    get: dict[str, int]
    post: dict[str, int]
    names: Callable[[World], dict[str, Any]] = lambda world: {}
    others: int | None = NO_METHOD  # None: the sign-in library's pages take a PUT for a POST


def page(
    may: tuple[str, ...] = ANYONE, *, answer: int = 200, names: Callable[[World], dict[str, Any]] = lambda world: {}
) -> Rule:
    """A page to read: by those who `may`; others of the portal's people are refused."""
    get = {persona: answer if persona in may else REFUSED for persona in ANYONE}
    return Rule(
        get={ANONYMOUS: SIGN_IN, STRANGER: UNKNOWN, **get},
        post=dict.fromkeys(PERSONAS, NO_METHOD) | {ANONYMOUS: SIGN_IN},
        names=names,
    )


def edit(may: tuple[str, ...], *, names: Callable[[World], dict[str, Any]], empty: int = STALE) -> Rule:
    """A form on a row: for those who `may`; an empty POST lacks the row's version."""
    get = {persona: 200 if persona in may else REFUSED for persona in ANYONE}
    post = {persona: empty if persona in may else REFUSED for persona in ANYONE}
    outside = {ANONYMOUS: SIGN_IN, STRANGER: UNKNOWN}
    return Rule(get=outside | get, post=outside | post, names=names)


def answer(may: tuple[str, ...], *, names: Callable[[World], dict[str, Any]]) -> Rule:
    """A form that plan administrators send, and those who `may` see; sent empty it is shown again."""
    get = {persona: 200 if persona in may else REFUSED for persona in ANYONE}
    post = {persona: EMPTY_FORM if persona == ADMINISTRATOR else REFUSED for persona in ANYONE}
    outside = {ANONYMOUS: SIGN_IN, STRANGER: UNKNOWN}
    return Rule(get=outside | get, post=outside | post, names=names)


def account(*, signed_in: int, anonymous: int, post: int, anonymous_post: int) -> Rule:
    """A page of the sign-in library, the same for whoever is signed in."""
    people = (STRANGER, *ANYONE)
    return Rule(
        get={ANONYMOUS: anonymous} | dict.fromkeys(people, signed_in),
        post={ANONYMOUS: anonymous_post} | dict.fromkeys(people, post),
        others=None,
    )


def passkey_of_somebody_else() -> Rule:
    get = {ANONYMOUS: SIGN_IN} | dict.fromkeys((STRANGER, *ANYONE), UNKNOWN)
    return Rule(get=get, post=get, names=of_passkey, others=None)


def of_passkey(world: World) -> dict[str, Any]:
    other = User.objects.filter(email="passkey@example.org").first() or UserFactory(email="passkey@example.org")
    passkey = Authenticator.objects.filter(user=other).first()
    return {"pk": (passkey or Authenticator.objects.create(user=other, type="webauthn", data={"name": "Hers"})).pk}


def of_year(world: World) -> dict[str, Any]:
    return {"year": world.year}


def of_unit(world: World) -> dict[str, Any]:
    return {"year": world.year, "unit": world.unit.slug}


def of_line(world: World) -> dict[str, Any]:
    return {"pk": world.line.pk}


def of_listing(world: World) -> dict[str, Any]:
    return {"pk": world.listing.pk}


def of_change_to_line(world: World) -> dict[str, Any]:
    with change_set(by=None, why="Pay award", door="Test") as made:
        BudgetLine.objects.filter(pk=world.line.pk).update(running=(world.line.running or 0) + 1)
    world.line.refresh_from_db()
    return {"pk": made.pk}


def of_action(world: World) -> dict[str, Any]:
    return {"pk": world.action.pk}


def of_kept_unit(world: World) -> dict[str, Any]:
    return {"pk": world.unit.pk}


def of_place(world: World) -> dict[str, Any]:
    return {"pk": world.unit.unit_years.get().pk}


def of_alias(world: World) -> dict[str, Any]:
    return {"pk": (world.unit.aliases.first() or AliasFactory(unit=world.unit)).pk}


def of_period(world: World) -> dict[str, Any]:
    return {"pk": (world.year.periods.first() or PeriodFactory(year=world.year)).pk}


def of_plan(world: World) -> dict[str, Any]:
    return {"pk": world.line.plan_id}


def of_document(world: World) -> dict[str, Any]:
    return {"pk": world.document.pk}


def of_provenance(world: World) -> dict[str, Any]:
    provenance = Provenance.objects.filter(document=world.document).first()
    return {"pk": (provenance or ProvenanceFactory(document=world.document)).pk}


def of_table(world: World) -> dict[str, Any]:
    return {"pk": with_report(world).pk, "table": 0}


def of_doubt(world: World) -> dict[str, Any]:
    document = with_report(world)
    return {"pk": document.pk, "key": key_of(document.report["doubts"][0])}


def of_answer(world: World) -> dict[str, Any]:
    given = Correction.objects.filter(sha256=world.document.sha256).first()
    return {"pk": (given or CorrectionFactory(sha256=world.document.sha256, user=UserFactory())).pk}


def of_person(world: World) -> dict[str, Any]:
    person = User.objects.filter(email="another@example.org").first()
    return {"pk": (person or UserFactory(email="another@example.org", poc_member=True)).pk}


def of_grant(world: World) -> dict[str, Any]:
    return {"pk": Grant.objects.get(user=of_person(world)["pk"]).pk}


def with_report(world: World) -> Document:
    """The document with one table and one open question."""
    doubt = {"lines": [1], "table": 0, "column": "fte", "says": "Only a minus is left.", "choices": []}
    table = {"kind": "budget", "unit": "", "lines": [1, 9], "rows": []}
    Document.objects.filter(pk=world.document.pk).update(report={"tables": [table], "doubts": [doubt]})
    return Document.objects.get(pk=world.document.pk)


CHECK = Rule(
    get={persona: SIGN_IN if persona == ANONYMOUS else UNKNOWN for persona in PERSONAS},
    post={persona: SIGN_IN if persona == ANONYMOUS else UNKNOWN for persona in PERSONAS},
    names=of_year,
)
TABLE: dict[str, Rule] = {
    "kentplan:home": page(),
    "kentplan:unit_list": page(),
    "kentplan:unit_detail": page(names=of_unit),
    **dict.fromkeys(
        (f"kentplan:{name}" for name in ("administration", "unit_kept_list", "alias_list", "period_list", "plan_list")),
        page((ADMINISTRATOR, AUDITOR)),
    ),
    "kentplan:unit_kept": page((ADMINISTRATOR, AUDITOR), names=of_kept_unit),
    "kentplan:unit_kept_add": edit((ADMINISTRATOR,), names=lambda world: {}, empty=EMPTY_FORM),
    "kentplan:unit_kept_edit": edit((ADMINISTRATOR,), names=of_kept_unit),
    "kentplan:place_add": edit((ADMINISTRATOR,), names=of_kept_unit, empty=EMPTY_FORM),
    "kentplan:place_edit": edit((ADMINISTRATOR,), names=of_place),
    "kentplan:alias_add": edit((ADMINISTRATOR,), names=lambda world: {}, empty=EMPTY_FORM),
    "kentplan:alias_edit": edit((ADMINISTRATOR,), names=of_alias),
    "kentplan:alias_remove": edit((ADMINISTRATOR,), names=of_alias),
    "kentplan:period_edit": edit((ADMINISTRATOR,), names=of_period),
    "kentplan:periods_add": Rule(
        get=dict.fromkeys(PERSONAS, NO_METHOD) | {ANONYMOUS: SIGN_IN},
        post={persona: 302 if persona == ADMINISTRATOR else REFUSED for persona in ANYONE}
        | {ANONYMOUS: SIGN_IN, STRANGER: UNKNOWN},
        names=of_year,
    ),
    "kentplan:plan_kept": page((ADMINISTRATOR, AUDITOR), names=of_plan),
    "kentplan:plan_edit": edit((ADMINISTRATOR,), names=of_plan),
    "kentplan:document_list": page((ADMINISTRATOR, AUDITOR)),
    "kentplan:document_detail": page((ADMINISTRATOR, AUDITOR), names=of_document),
    "kentplan:printed": page(names=of_provenance),
    "kentplan:printed_table": page(names=of_table),
    "kentplan:doubt_list": page((ADMINISTRATOR, AUDITOR)),
    "kentplan:doubt_detail": answer((ADMINISTRATOR, AUDITOR), names=of_doubt),
    "kentplan:doubt_withdraw": answer((ADMINISTRATOR,), names=of_answer),
    # Which check is in the query: without it there is none. tests/kentplan/test_checks.py sweeps those that there are.
    "kentplan:check_list": page(names=of_year),
    "kentplan:check_detail": CHECK,
    # Rows of people in it are for those who may read people: tests/kentplan/test_history.py.
    "kentplan:history": page(),
    "kentplan:change_set": page(names=of_change_to_line),
    "kentplan:change_set_reverse": edit((FINANCE,), names=of_change_to_line),
    "kentplan:help": page(),
    "kentplan:search": page(),
    "kentplan:symbols": page(),
    # A load balancer has no account. Its pages are answered before anybody is known.
    "kentplan:alive": Rule(get=dict.fromkeys(PERSONAS, 200), post=dict.fromkeys(PERSONAS, NO_METHOD)),
    "kentplan:ready": Rule(get=dict.fromkeys(PERSONAS, 200), post=dict.fromkeys(PERSONAS, NO_METHOD)),
    # Whoever cannot sign in because of a barrier must be able to say so.
    "kentplan:accessibility": Rule(get=dict.fromkeys(PERSONAS, 200), post=dict.fromkeys(PERSONAS, NO_METHOD)),
    "budgets:line_list": page(names=of_year),
    "budgets:unit_lines": page(names=of_unit),
    "budgets:line_detail": page(names=of_line),
    "budgets:line_edit": edit((FINANCE,), names=of_line),
    # A line that is not there yet has no version to be stale: an empty form is shown again.
    "budgets:line_add": edit((FINANCE,), names=of_unit, empty=EMPTY_FORM),
    "budgets:line_remove": edit((FINANCE,), names=of_line),
    "budgets:lines_order": edit((FINANCE,), names=of_unit),
    "indicators:figure_list": page(names=of_year),
    "indicators:listing_list": page(names=of_year),
    "indicators:unit_figures": page(names=of_unit),
    "indicators:indicator_detail": page(names=of_listing),
    "indicators:figures_edit": edit((MANAGER, ADMINISTRATOR), names=of_listing),
    "indicators:indicator_define": edit((ADMINISTRATOR,), names=of_listing),
    "projects:action_list": page(names=of_year),
    "projects:unit_actions": page(names=of_unit),
    "projects:action_detail": page(names=of_action),
    "projects:action_edit": edit((MANAGER,), names=of_action),
    "reports:progress": page(),
    "people:person_list": page((ADMINISTRATOR, AUDITOR)),
    "people:person_detail": page((ADMINISTRATOR, AUDITOR), names=of_person),
    "people:rights": page((ADMINISTRATOR, AUDITOR)),
    # Who is not there yet has no version to be stale: an empty form is shown again.
    "people:person_add": edit((ADMINISTRATOR,), names=lambda world: {}, empty=EMPTY_FORM),
    "people:person_edit": edit((ADMINISTRATOR,), names=of_person),
    "people:grant_add": edit((ADMINISTRATOR,), names=of_person, empty=EMPTY_FORM),
    "people:grant_end": edit((ADMINISTRATOR,), names=of_grant),
    "people:factors_reset": edit((ADMINISTRATOR,), names=of_person),
    "people:password_link": edit((ADMINISTRATOR,), names=of_person, empty=302),
    "account_login": account(signed_in=302, anonymous=200, post=302, anonymous_post=EMPTY_FORM),
    "account_logout": account(signed_in=200, anonymous=302, post=302, anonymous_post=302),
    # Without an identity provider (tests/people/test_identity_provider.py has one) its addresses lead nowhere.
    "account_provider": Rule(get=dict.fromkeys(PERSONAS, NO_METHOD), post=dict.fromkeys(PERSONAS, UNKNOWN)),
    "account_provider_back": Rule(get=dict.fromkeys(PERSONAS, UNKNOWN), post=dict.fromkeys(PERSONAS, NO_METHOD)),
    # A page asks how long its session lasts, also when there is none any more.
    "account_session": Rule(get=dict.fromkeys(PERSONAS, 200), post=dict.fromkeys(PERSONAS, NO_METHOD)),
    "account_stay": Rule(get=dict.fromkeys(PERSONAS, NO_METHOD), post=dict.fromkeys(PERSONAS, 200)),
    "account_sessions": Rule(
        get=dict.fromkeys(PERSONAS, NO_METHOD) | {ANONYMOUS: SIGN_IN},
        post=dict.fromkeys(PERSONAS, 302),
    ),
    "account_inactive": account(signed_in=200, anonymous=200, post=NO_METHOD, anonymous_post=NO_METHOD),
    # The personas here have no password yet: the page that changes it leads to the one that sets it.
    "account_change_password": account(signed_in=302, anonymous=302, post=302, anonymous_post=302),
    "account_set_password": account(signed_in=200, anonymous=302, post=EMPTY_FORM, anonymous_post=302),
    "account_reset_password": account(signed_in=200, anonymous=200, post=EMPTY_FORM, anonymous_post=EMPTY_FORM),
    "account_reset_password_done": account(signed_in=200, anonymous=200, post=NO_METHOD, anonymous_post=NO_METHOD),
    "account_reset_password_from_key_done": account(
        signed_in=200, anonymous=200, post=NO_METHOD, anonymous_post=NO_METHOD
    ),
    # One's own account is there for whoever has signed in, also without a role.
    "account_home": account(signed_in=200, anonymous=302, post=NO_METHOD, anonymous_post=302),
    "mfa_index": account(signed_in=200, anonymous=302, post=NO_METHOD, anonymous_post=302),
    "mfa_list_webauthn": account(signed_in=302, anonymous=302, post=NO_METHOD, anonymous_post=302),
    # The personas here have neither a password nor a second factor to show again.
    "account_reauthenticate": account(signed_in=403, anonymous=302, post=403, anonymous_post=302),
    "mfa_reauthenticate": account(signed_in=403, anonymous=302, post=403, anonymous_post=302),
    "mfa_reauthenticate_webauthn": account(signed_in=403, anonymous=302, post=403, anonymous_post=302),
    "mfa_authenticate": account(signed_in=302, anonymous=302, post=302, anonymous_post=302),
    "mfa_login_webauthn": account(signed_in=302, anonymous=302, post=302, anonymous_post=302),
    "mfa_activate_totp": account(signed_in=200, anonymous=302, post=EMPTY_FORM, anonymous_post=302),
    "mfa_add_webauthn": account(signed_in=200, anonymous=302, post=EMPTY_FORM, anonymous_post=302),
    "mfa_generate_recovery_codes": account(signed_in=200, anonymous=302, post=EMPTY_FORM, anonymous_post=302),
    **dict.fromkeys(
        ("mfa_deactivate_totp", "mfa_download_recovery_codes"),
        account(signed_in=UNKNOWN, anonymous=302, post=UNKNOWN, anonymous_post=302),
    ),
    "mfa_view_recovery_codes": account(signed_in=UNKNOWN, anonymous=302, post=NO_METHOD, anonymous_post=302),
    "mfa_edit_webauthn": passkey_of_somebody_else(),
    "mfa_remove_webauthn": passkey_of_somebody_else(),
    "account_reset_password_from_key": Rule(
        get=dict.fromkeys(PERSONAS, 200),
        post=dict.fromkeys(PERSONAS, 200),
        names=lambda world: {"uidb36": "1", "key": "no-such-key"},
        others=None,
    ),
}


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} has no name"
            yield f"{namespace}{pattern.name}"
        else:
            yield from addresses(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)


@pytest.fixture
def world(db: None) -> World:
    return World.make()


@pytest.fixture
def unit_manager(world: World) -> User:
    return UserFactory(unit_manager=True, grant__unit=world.unit)


@pytest.fixture
def other_manager(db: None) -> User:
    return UserFactory(unit_manager=True)


def test_every_address_is_in_the_table_and_the_table_names_no_other() -> None:
    assert sorted(TABLE) == sorted(addresses(get_resolver()))


@pytest.mark.parametrize("name", TABLE)
def test_each_persona_is_answered_as_the_table_says(
    name: str, world: World, client: Client, request: pytest.FixtureRequest
) -> None:
    rule = TABLE[name]
    url = reverse(name, kwargs=rule.names(world))
    users = {persona: request.getfixturevalue(persona) for persona in PERSONAS if persona != ANONYMOUS}

    def status(persona: str, method: str) -> int:
        """What `persona` is answered; what the request changed is taken back before the next one."""
        with transaction.atomic():
            if persona == ANONYMOUS:
                client.logout()
            else:
                client.force_login(users[persona])
            answered = client.generic(method, url).status_code
            transaction.set_rollback(True)
        return answered

    expected = {persona: expected_of(rule, persona) for persona in PERSONAS}
    assert {persona: {way: status(persona, way) for way in expected[persona]} for persona in PERSONAS} == expected


def expected_of(rule: Rule, persona: str) -> dict[str, int]:
    """The status for each method."""
    expected = {"GET": rule.get[persona], "HEAD": rule.get[persona], "POST": rule.post[persona]}
    if rule.others is not None:
        refused = SIGN_IN if persona == ANONYMOUS and rule.get[ANONYMOUS] == SIGN_IN else rule.others
        expected |= {"PUT": refused, "PATCH": refused, "DELETE": refused}
    return expected


@pytest.mark.parametrize("name", [name for name, rule in TABLE.items() if rule.get[ANONYMOUS] == SIGN_IN])
def test_whoever_has_not_signed_in_is_led_to_sign_in_and_back(name: str, world: World, client: Client) -> None:
    url = reverse(name, kwargs=TABLE[name].names(world))

    answer = client.get(url)

    back = "" if name == "account_logout" else f"?next={url}"
    assert answer.headers["Location"] in (f"/accounts/login/{back}", "/accounts/login/")


@pytest.mark.parametrize("persona", [STRANGER, ANONYMOUS])
@pytest.mark.parametrize("name", [name for name, rule in TABLE.items() if rule.get[STRANGER] == UNKNOWN])
def test_an_export_is_no_way_round(
    name: str, persona: str, world: World, client: Client, request: pytest.FixtureRequest
) -> None:
    if persona == STRANGER:
        client.force_login(request.getfixturevalue(persona))

    answer = client.get(reverse(name, kwargs=TABLE[name].names(world)), {"_export": "json"})

    assert answer.status_code == TABLE[name].get[persona]


@pytest.mark.parametrize("persona", ANYONE)
@pytest.mark.parametrize(
    ("detail", "edit_page"),
    [
        ("budgets:line_detail", "budgets:line_edit"),
        ("indicators:indicator_detail", "indicators:figures_edit"),
        ("indicators:indicator_detail", "indicators:indicator_define"),
        ("projects:action_detail", "projects:action_edit"),
    ],
)
def test_a_link_to_edit_is_shown_to_those_who_may(
    detail: str, edit_page: str, persona: str, world: World, client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(persona))

    shown = client.get(reverse(detail, kwargs=TABLE[detail].names(world))).content.decode()

    link = reverse(edit_page, kwargs=TABLE[edit_page].names(world))
    assert (f'href="{link}"' in shown) == (TABLE[edit_page].get[persona] == 200)


def test_an_account_that_is_closed_gets_nothing(world: World, client: Client, finance_officer: User) -> None:
    client.force_login(finance_officer)
    with change_set(by=None, why="She left", door="Test"):
        User.objects.filter(pk=finance_officer.pk).update(is_active=False)

    assert client.get("/units/").status_code == 302
