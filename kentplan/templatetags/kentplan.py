"""What templates need besides Django's own: the navigation, a form control in the house's classes, rows of tables."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms, template
from django.conf import settings
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString

from kentplan.reporting import default_year
from people.rights import Act, may
from plans.fields import MoneyField
from plans.listing import render_rows
from plans.models import FinancialYear

register = template.Library()

MINUS = "−"

CONTROLS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.Widget, "govuk-input"),
)


@register.inclusion_tag("components/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    """The places of the portal that this person may go to, in the year of the page."""
    request = context["request"]
    user = request.user
    year = context.get("year") or default_year()
    links = []
    if may(user, Act.VIEW):
        links += [("Home", reverse("kentplan:home")), ("Units", reverse("kentplan:unit_list"))]
        if isinstance(year, FinancialYear):
            links += [
                (name, reverse(view, kwargs={"year": year}))
                for name, view in (
                    ("Budgets", "budgets:line_list"),
                    ("Measures", "indicators:figure_list"),
                    ("Actions", "projects:action_list"),
                )
            ]
        if may(user, Act.VIEW_LOAD_REPORT):
            links.append(("Documents", reverse("kentplan:document_list")))
    here = request.path.split("/")[1]
    return {
        "links": [(name, url, url.split("/")[1] == here) for name, url in links],
        "year": year,
        "years": FinancialYear.objects.order_by("-start") if links else (),
    }


@register.simple_tag
def demo_day() -> date | None:
    """The day on which the demonstration stands still; None where the clock says what day it is."""
    day: date | None = settings.TODAY
    return day


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
                    named = text.startswith(str(field.label))
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
    words = MoneyField().words(abs(figure))
    return words if not figure else f"{'+' if figure > 0 else MINUS}{words}"


@register.filter
def change_from(now: Decimal | None, before: Decimal | None) -> str:
    """A change in per cent of what was before: "+3.5%"; blank where that says nothing: of nothing, or across nil."""
    if now is None or before is None or before == 0 or (now < 0) != (before < 0):
        return ""
    change = (now - before) / abs(before) * 100
    shown = abs(change).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{shown:,}%" if not shown else f"{'+' if change > 0 else MINUS}{shown:,}%"


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
