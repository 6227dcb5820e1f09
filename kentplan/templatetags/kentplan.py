"""What templates need besides Django's own: the navigation, a form control in the house's classes, rows of tables."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django import forms, template
from django.conf import settings
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString

from kentplan.reporting import default_year
from people.identity_provider import provider_name
from people.rights import Act, may, whom_to_ask
from plans.changes import MINUS, per_cent, with_sign
from plans.documents import plain
from plans.fields import MoneyField
from plans.listing import render_rows
from plans.models import FinancialYear
from plans.prepared import Prepared
from plans.provenance import RepairInWords, told

register = template.Library()

CONTROLS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.Widget, "govuk-input"),
)


# Every page has it.
_YEARS = Prepared(lambda: FinancialYear.objects.order_by("-start").values_list("pk", "start", "state"))


@lru_cache(maxsize=200)
def _links(year: str | None, *, view: bool, load_report: bool) -> tuple[tuple[str, str], ...]:
    """The places in the menu with their addresses, which every page would otherwise make anew."""
    links = []
    if view:
        links += [("Home", reverse("kentplan:home")), ("Units", reverse("kentplan:unit_list"))]
        if year:
            links += [
                (name, reverse(of_year, kwargs={"year": year}))
                for name, of_year in (
                    ("Budgets", "budgets:line_list"),
                    ("Measures", "indicators:figure_list"),
                    ("Actions", "projects:action_list"),
                )
            ]
        links.append(("Progress", reverse("reports:progress")))
        if year:
            links.append(("Checks", reverse("kentplan:check_list", kwargs={"year": year})))
        links.append(("History", reverse("kentplan:history")))
    if load_report:
        links.append(("Administration", reverse("kentplan:administration")))
    return tuple(links)


@lru_cache(maxsize=1)
def _addresses() -> dict[str, str]:
    return {
        "search_url": reverse("kentplan:search"),
        "home_url": reverse("kentplan:home"),
        "account_url": reverse("account_home"),
        "sign_out_url": reverse("account_logout"),
        "sign_in_url": reverse("account_login"),
        "session_url": reverse("account_session"),
        "stay_url": reverse("account_stay"),
    }


@register.simple_tag
def addresses() -> dict[str, str]:
    """The addresses that every page leads to, looked up once."""
    return _addresses()


@register.inclusion_tag("components/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    """The places of the portal that this person may go to, in the year of the page."""
    request = context["request"]
    user = request.user
    year = context.get("year") or default_year()
    links = _links(
        year.path if isinstance(year, FinancialYear) else None,
        view=may(user, Act.VIEW),
        load_report=may(user, Act.VIEW_LOAD_REPORT),
    )
    here = request.path.split("/")[1]
    return {
        **_addresses(),
        "user": user,
        "links": [(name, url, url.split("/")[1] == here) for name, url in links],
        "year": year,
        "years": [FinancialYear(pk=pk, start=start, state=state) for pk, start, state in _YEARS.rows()]
        if links
        else (),
    }


@register.simple_tag
def demo_day() -> date | None:
    """The day on which the demonstration stands still; None where the clock says what day it is."""
    day: date | None = settings.TODAY
    return day


@register.simple_tag
def administrators_to_ask() -> str:
    """Who keeps people and roles, by name: "Ada Administrator"; "a plan administrator" where nobody does."""
    return whom_to_ask(Act.KEEP_PEOPLE).removeprefix("Ask ").removesuffix(".") or "a plan administrator"


@register.simple_tag
def control(field: forms.BoundField, *, width: str = "") -> SafeString:
    """The field's own control in GOV.UK's classes; `width` as in govuk-input--width-10."""
    name = next(name for widget, name in CONTROLS if isinstance(field.field.widget, widget))
    classes = [name, f"{name}--width-{width}" if width else "", f"{name}--error" if field.errors else ""]
    # A placeholder is no label, and goes away when it is needed.
    return field.as_widget(attrs={"class": " ".join(filter(None, classes)), "placeholder": False})


@register.simple_tag
def errors(shown: forms.BaseForm | Sequence[forms.BaseForm]) -> list[tuple[str, str]]:
    """Each error of one or more forms, with the id of its control; of the form's first where it is of no field."""
    found = []
    for form in [shown] if isinstance(shown, forms.BaseForm) else shown:
        visible = {field.name: field for field in form.visible_fields()}
        first = next((field.id_for_label for field in visible.values()), "main")
        for name, texts in form.errors.items():
            field = visible.get(name)
            for text in map(str, texts):
                if field is None:
                    found.append((first, text))
                else:
                    # A question is no name for a field, and some texts name it themselves.
                    named = text.startswith(str(field.label)) or str(field.label).endswith("?")
                    found.append((field.id_for_label, text if named else f"{field.label}: {text}"))
    return found


@register.simple_tag
def rows(name: str, **context: Any) -> SafeString:
    """The rows of a table, by the Jinja2 template templates/rows/<name>."""
    return render_rows(f"rows/{name}", context)


@register.filter
def money(figure: Any) -> str:
    """An amount in £000, or a number of posts, as the plan prints it; blank for none."""
    return MoneyField().words(figure)


@register.filter
def signed(figure: Decimal | None) -> str:
    """A change, with its sign: "+4,562.2", "−5,019.3", "0.0"; blank for none."""
    if figure is None:
        return ""
    return with_sign(MoneyField().words(abs(figure)), figure)


@register.filter
def change_from(now: Decimal | None, before: Decimal | None) -> str:
    """A change in per cent of what was before: "+3.5%"; blank where that says nothing: of nothing, or across nil."""
    return per_cent(now, before)


@register.filter
def millions(figure: Decimal | None) -> str:
    """An amount in £000 as a sentence says it: "£210.1m", "−£62.0m"; under a million in full: "£553,500"."""
    if figure is None:
        return ""
    sign = MINUS if figure < 0 else ""
    if abs(figure) < 1000:
        return f"{sign}£{abs(figure) * 1000:,.0f}"
    return f"{sign}£{(abs(figure) / 1000).quantize(Decimal('0.1'), ROUND_HALF_UP):,}m"


@register.filter
def pounds(amount: Decimal) -> str:
    """An amount in pounds, with pence only where it has some."""
    return f"{amount:,.2f}".removesuffix(".00")


@register.filter
def to_the_thousand(figure: Decimal | None) -> str:
    """An amount in £000 as a key figure: "£6.036m", "−£0.321m"; blank for none."""
    if figure is None:
        return ""
    shown = (abs(figure) / 1000).quantize(Decimal("0.001"), ROUND_HALF_UP)
    return f"{MINUS if figure < 0 and shown else ''}£{shown:,}m"


@register.filter
def signs(words: str) -> str:
    """A figure with a real minus sign; other words as they are."""
    return MINUS + words[1:] if words[:1] == "-" and words[1:2].isdigit() else words


@register.filter
def printed_cells(text: str) -> list[str]:
    """The cells of a printed line, in plain words; those at its end that are blank left out."""
    return [plain(cell) for cell in text.rstrip("\t").split("\t")]


@register.filter
def told_repairs(repairs: Sequence[dict[str, Any]]) -> list[RepairInWords]:
    """The repairs of a row in words (plans.provenance)."""
    return told(repairs)


@register.simple_tag
def identity_provider() -> str:
    """What the council calls the provider through which one may sign in; empty where there is none."""
    return provider_name()
