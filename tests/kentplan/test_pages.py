"""What holds for every page: sign-in, navigation, errors, and what the Content-Security-Policy and readers need."""

import re
from html.parser import HTMLParser
from pathlib import Path

import allauth.account
import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views import defaults
from django.views.csrf import csrf_failure

from people.models import Role, User
from plans.models import Unit
from tests.factories import (
    BudgetLineFactory,
    DeliverableFactory,
    DocumentFactory,
    FigureFactory,
    GrantFactory,
    SourceLineFactory,
    UnitYearFactory,
    UserFactory,
)

TEMPLATES = settings.BASE_DIR / "templates"
PASSWORD = "a long enough password"
# Named by Django, not by us; and what the sign-in library names it ships under the same name.
NAMED_ELSEWHERE = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}
THEIRS = Path(allauth.account.__file__).parent.parent / "templates"


@pytest.fixture
def fresh_cache(db: None) -> None:
    """Attempts to sign in are counted in the cache."""
    cache.clear()


@pytest.fixture
def person(db: None) -> User:
    return UserFactory(email="frances@example.org", finance_officer=True, password=PASSWORD)


# Signing in and out


@pytest.mark.usefixtures("fresh_cache")
def test_signing_in_leads_to_the_page_that_was_asked_for(client: Client, person: User) -> None:
    asked = client.get("/units/").headers["Location"]
    form = client.get(asked).content.decode()
    back = re.search(r'name="next" value="([^"]*)"', form)
    assert back

    answer = client.post(asked, {"login": "Frances@Example.org", "password": PASSWORD, "next": back[1]})

    assert answer.headers["Location"] == "/units/"
    assert client.get("/units/").status_code == 200


@pytest.mark.usefixtures("fresh_cache")
@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("frances@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("no address", "x"),
        ("a\x00@b.org", "x\x00"),
        ("", ""),
    ],
)
def test_wrong_sign_in_is_refused_at_its_field(client: Client, person: User, login: str, password: str) -> None:
    answer = client.post("/accounts/login/", {"login": login, "password": password})

    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_out_takes_a_post(client: Client, person: User) -> None:
    client.force_login(person)

    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/").headers["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(client: Client, db: None) -> None:
    assert client.get("/accounts/signup/").status_code == 404
    assert "signup" not in client.get("/accounts/login/").content.decode()


@pytest.mark.usefixtures("fresh_cache")
def test_forgotten_password_is_set_anew_by_the_link_in_the_message(client: Client, person: User) -> None:
    answer = client.post("/accounts/password/reset/", {"email": person.email})
    assert answer.headers["Location"] == "/accounts/password/reset/done/"
    link = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link

    address = client.get(link[1]).headers["Location"]
    assert "Set a new password" in client.get(address).content.decode()
    new = "another long password"
    answer = client.post(address, {"password1": new, "password2": new})

    assert answer.headers["Location"] == "/accounts/password/reset/key/done/"
    person.refresh_from_db()
    assert person.check_password(new)
    assert "no longer works" in client.get(link[1]).content.decode()


@pytest.mark.usefixtures("fresh_cache")
def test_whether_an_address_has_an_account_is_not_told(client: Client, db: None) -> None:
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})

    assert answer.headers["Location"] == "/accounts/password/reset/done/"
    assert mail.outbox == []


@pytest.mark.usefixtures("fresh_cache")
def test_password_is_changed(client: Client, person: User) -> None:
    client.force_login(person)
    new = "another long password"

    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    person.refresh_from_db()
    assert person.check_password(new)


# Navigation


def test_navigation_leads_to_the_places_of_the_year(client: Client, poc_member: User) -> None:
    UnitYearFactory(year__start=2009)
    client.force_login(poc_member)

    shown = client.get("/units/").content.decode()

    menu = shown.partition('<nav aria-label="Main">')[2].partition("</nav>")[0]
    links = re.findall(r'<li><a href="([^"]*)"( aria-current="true")?>(\w+)</a></li>', menu)
    assert links == [
        ("/", "", "Home"),
        ("/units/", ' aria-current="true"', "Units"),
        ("/budgets/2009-10/", "", "Budgets"),
        ("/indicators/2009-10/", "", "Measures"),
        ("/projects/2009-10/", "", "Actions"),
        ("/reports/", "", "Progress"),
        ("/checks/2009-10/", "", "Checks"),
        ("/history/", "", "History"),
    ]


def test_every_page_has_a_search_and_leads_to_help(client: Client, poc_member: User) -> None:
    client.force_login(poc_member)

    shown = client.get("/units/").content.decode()

    assert '<form class="kp-header__search" method="get" action="/search/"' in shown
    foot = shown.partition("<footer")[2]
    assert all(f'href="{path}"' in foot for path in ("/help/", "/help/symbols/", "/accessibility/"))


@pytest.mark.parametrize(
    ("persona", "shown"), [("plan_administrator", True), ("auditor", True), ("finance_officer", False)]
)
def test_administration_is_in_the_navigation_of_those_who_keep_or_audit(
    client: Client, persona: str, shown: bool, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(persona))

    assert ('href="/administration/"' in client.get("/units/").content.decode()) is shown


def test_stranger_is_shown_no_way_in(client: Client, stranger: User) -> None:
    client.force_login(stranger)

    answer = client.get("/units/")

    assert answer.status_code == 404
    assert '<nav aria-label="Main">' not in answer.content.decode()
    assert "you hold no role yet" in answer.content.decode()


# Errors


def test_refusal_says_who_may(client: Client, poc_member: User) -> None:
    client.force_login(poc_member)

    answer = client.get("/documents/")

    assert answer.status_code == 403
    assert "Only a plan administrator or an auditor may read load reports." in answer.content.decode()


@pytest.mark.parametrize("path", ["/nowhere/", "/accounts/nowhere/", "/%00/", "/budgets/lines/x/"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_address_that_there_is_not_has_a_page_of_its_own(
    client: Client, poc_member: User, path: str, *, signed_in: bool
) -> None:
    if signed_in:
        client.force_login(poc_member)

    answer = client.get(path)

    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


def test_fault_and_bad_request_have_pages_that_need_no_database(rf: RequestFactory) -> None:
    request = rf.get("/")

    assert "Something went wrong" in defaults.server_error(request).content.decode()
    assert "cannot be read" in defaults.bad_request(request, ValueError()).content.decode()


def test_form_that_has_expired_has_a_page_of_its_own(rf: RequestFactory) -> None:
    assert "The form has expired" in csrf_failure(rf.post("/")).content.decode()


def test_too_many_attempts_have_a_page_of_their_own(client: Client, person: User, fresh_cache: None) -> None:
    answers = [client.post("/accounts/password/reset/", {"email": "x@example.org"}) for _ in range(30)]

    assert answers[-1].status_code == 429
    assert "Too many attempts" in answers[-1].content.decode()


@pytest.mark.parametrize("cookie", ["\x00", "a\x00b" * 9, "x" * 32, "'; --", "É" * 32, "x" * 5000])
def test_session_cookie_that_is_none_is_no_session(client: Client, db: None, cookie: str) -> None:
    client.cookies["sessionid"] = cookie

    assert client.get("/units/").headers["Location"] == "/accounts/login/?next=/units/"
    assert client.get("/accounts/login/").status_code == 200


@pytest.mark.parametrize("name", ["csrftoken", "messages", "unheard-of"])
def test_other_cookies_that_make_no_sense_are_ignored(client: Client, poc_member: User, name: str) -> None:
    client.force_login(poc_member)
    client.cookies[name] = "a\x00b"

    assert client.get("/units/").status_code == 200


@pytest.mark.parametrize("path", ["/nowhere/", "/documents/"])
def test_error_page_has_the_frame_and_a_way_on(client: Client, poc_member: User, path: str) -> None:
    client.force_login(poc_member)

    shown = client.get(path).content.decode()

    main = shown.partition("<main")[2].partition("</main>")[0]
    assert '<nav aria-label="Main">' in shown
    assert len(re.findall('<a class="govuk-link" href="/', main)) == 2


def test_page_without_any_plan_says_so(client: Client, poc_member: User) -> None:
    client.force_login(poc_member)

    for path in ("/", "/units/", "/reports/"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "No plan is loaded yet" in answer.content.decode(), path
    assert client.get("/search/", {"q": "clusters"}).status_code == 200


# Every page


class Outline(HTMLParser):
    """What of a page can be held against rules without a browser."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.inline: list[str] = []
        self.ids: list[str] = []
        self.tables: list[dict[str, int]] = []
        self.scripts: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        self.inline += ["style element"] if tag == "style" else []
        self.ids += [given["id"]] if given.get("id") else []
        if tag == "script":
            self.scripts.append(given.get("src"))
        if tag == "table":
            self.tables.append({"caption": 0, "unscoped": 0})
        if tag == "caption":
            self.tables[-1]["caption"] += 1
        if tag == "th" and not given.get("scope"):
            self.tables[-1]["unscoped"] += 1


@pytest.fixture
def pages(db: None) -> list[str]:
    """The address of each page, with something on it."""
    place = UnitYearFactory()
    line = BudgetLineFactory(unit=place.unit, plan__year=place.year)
    figure = FigureFactory(listing__unit=place.unit, listing__plan=line.plan)
    action = DeliverableFactory(action__unit=place.unit, action__plan=line.plan).action
    document = DocumentFactory(plan=line.plan)
    SourceLineFactory(document=document)
    year, unit = place.year, {"year": place.year, "unit": place.unit.slug}
    return [
        reverse("kentplan:home"),
        reverse("kentplan:unit_list"),
        f"{reverse('kentplan:unit_list')}?sort=unit",
        reverse("kentplan:unit_detail", kwargs=unit),
        reverse("kentplan:document_list"),
        reverse("kentplan:document_detail", args=[document.pk]),
        reverse("budgets:line_list", args=[year]),
        reverse("budgets:unit_lines", kwargs=unit),
        line.get_absolute_url(),
        reverse("budgets:line_edit", args=[line.pk]),
        reverse("indicators:figure_list", args=[year]),
        reverse("indicators:listing_list", args=[year]),
        reverse("indicators:unit_figures", kwargs=unit),
        figure.get_absolute_url(),
        reverse("indicators:figures_edit", args=[figure.listing_id]),
        reverse("projects:action_list", args=[year]),
        reverse("projects:unit_actions", kwargs=unit),
        action.get_absolute_url(),
        reverse("projects:action_edit", args=[action.pk]),
        reverse("kentplan:search"),
        reverse("kentplan:search") + "?q=clusters+action",
        reverse("kentplan:search") + "?q=a",
        reverse("kentplan:help"),
        reverse("kentplan:symbols"),
        reverse("kentplan:accessibility"),
        reverse("account_change_password"),
        reverse("account_logout"),
        "/nowhere/",
    ]


def test_every_page_is_built_as_readers_and_the_policy_need(client: Client, pages: list[str], person: User) -> None:
    GrantFactory(user=person, role=Role.PLAN_ADMINISTRATOR)
    GrantFactory(user=person, role=Role.UNIT_MANAGER, unit=Unit.objects.get())
    client.force_login(person)
    for path in pages:
        answer = client.get(path)
        outline = Outline()
        outline.feed(answer.content.decode())
        assert outline.headings.count(1) == 1, path
        assert outline.headings[0] == 1, path
        assert all(later <= earlier + 1 for earlier, later in zip(outline.headings, outline.headings[1:], strict=False))
        assert outline.inline == [], path
        assert all(outline.scripts), path
        assert len(outline.ids) == len(set(outline.ids)), path
        assert all(table == {"caption": 1, "unscoped": 0} for table in outline.tables), path
        assert answer.status_code == (404 if path == "/nowhere/" else 200), path
        assert "Content-Security-Policy" in answer.headers


# The templates


def template_files() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.is_file())


def test_every_template_is_used() -> None:
    python = [path for app in settings.BASE_DIR.glob("*/apps.py") for path in app.parent.rglob("*.py")]
    python += (settings.BASE_DIR / "kentplan").rglob("*.py")
    texts = {path: path.read_text() for path in [*template_files(), *python]}

    unused = []
    for path in template_files():
        name = str(path.relative_to(TEMPLATES))
        if name in NAMED_ELSEWHERE or (THEIRS / name).exists():
            continue
        # Rows are named by their file alone; the two parts of a letter by what they share.
        names = {f'"{name}"', f'"{re.sub("_(message|subject).txt$", "", name)}"'}
        names |= {f'"{path.name}"'} if path.parent.name == "rows" else set()
        if not any(wanted in text for other, text in texts.items() if other != path for wanted in names):
            unused.append(name)
    assert unused == []
