"""The financial year in an address: /budgets/2009-10/. Import this module in a urls.py that uses `<year:year>`."""

from django.http import Http404
from django.urls import register_converter

from plans import calendar
from plans.models import FinancialYear
from plans.prepared import Prepared


class YearConverter:
    """ "2009-10" in an address, 2009 for the view; anything that is no year, as 2009-11, is no address."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> int:
        return calendar.start_of(value)  # its ValueError is "no such address" to Django

    def to_url(self, value: int | str | FinancialYear) -> str:
        if isinstance(value, FinancialYear):
            return value.path
        return calendar.path(value if isinstance(value, int) else calendar.start_of(value))


# Nearly every page asks it.
_YEAR = Prepared(lambda start: FinancialYear.objects.filter(start=start).values_list("pk", "start", "state"), int)


def year_or_404(start: int) -> FinancialYear:
    """The year of an address, for a view."""
    for pk, begins, state in _YEAR.rows(start):
        return FinancialYear(pk=pk, start=begins, state=state)
    raise Http404(f"There is no financial year {calendar.label(start)}.")


register_converter(YearConverter, "year")
