"""The figures of a plan as model fields: exact, worded as the council words them, never rounded in silence."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.functional import cached_property

from plans.changes import MINUS

THOUSAND = Decimal(1000)


class ExactDecimalField(models.DecimalField):
    """A decimal that is stored as it was typed, or not at all.

    PostgreSQL's ``numeric(14,2)`` stores 0.255 as 0.26 without a word, and a float is never what was typed: both are
    refused here, on every way that the ORM writes (``save``, ``update``, ``bulk_create``, ``bulk_update``).
    """

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, float):
            raise ValidationError("A float is not exact: give the figure as a decimal or as text.", code="float")
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(value)
        except (TypeError, ValueError, InvalidOperation) as error:
            raise ValidationError(f"“{value}” is not a number.", code="invalid") from error

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if not hasattr(value, "as_sql"):  # an expression is the database's to compute
            figure = self.to_python(value)
            if figure is not None:
                self._refuse_inexact(figure)
        return super().get_db_prep_save(value, connection)

    def words(self, value: Decimal | None) -> str:
        """The figure as it stands, with commas and a true minus: "1,250", "7.35", "−0.50"; blank for none."""
        return "" if value is None else f"{value or abs(value):,f}".replace("-", MINUS)

    def _refuse_inexact(self, figure: Decimal) -> None:
        # "12.500" is the figure 12.5: noughts after the last decimal are no decimals.
        trimmed = figure.normalize() if figure.is_finite() else figure
        for validator in self.validators:
            check: Callable[[Decimal], None] = validator
            try:
                check(trimmed)
            except ValidationError as error:
                raise ValidationError(
                    f"{self.verbose_name}: {figure} cannot be stored as it was typed. {' '.join(error.messages)}",
                    code="inexact",
                ) from error


class BudgetFigureField(ExactDecimalField):
    """A figure of a budget table: printed to one decimal, to more where it has more."""

    def words(self, value: Decimal | None) -> str:
        """The figure as the plan prints it, with a true minus: "−1,870.2", "0.0", "12.25"; blank for none."""
        if value is None:
            return ""
        text = str(value)
        if text[0] == "-":
            return MINUS + self.words(-value) if value else "0.0"
        if text[-3:-2] == ".":
            # As nearly all figures come from the database; a page words ten thousand, and this takes half the time.
            text = text[:-1] if text[-1] == "0" else text
            whole = text.index(".")
            if whole <= 3:
                return text if value else "0.0"
            if whole <= 6:
                return f"{text[: whole - 3]},{text[whole - 3 :]}"
        if not value:
            return "0.0"
        trimmed = value.normalize()
        return f"{trimmed:,f}" if trimmed.as_tuple().exponent < 0 else f"{trimmed:,.1f}"  # type: ignore[operator]


class MoneyField(BudgetFigureField):
    """An amount of money: in £000 wherever Python meets it, in pounds and pence, ``numeric(14,2)``, in the database.

    Council papers and people speak in £000; a penny is the last thing that is owed. A figure in £000 may so have five
    decimals. SQL that adds a plain number to the column adds pounds: give it as ``Value(figure, MoneyField())``.
    """

    POUNDS = 3  # places that the point moves from £000 to pounds

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)

    @cached_property
    def validators(self) -> list[Any]:
        # In £000 the point stands three places further left.
        others = [rule for rule in super().validators if not isinstance(rule, DecimalValidator)]
        return [*others, DecimalValidator(self.max_digits, self.decimal_places + self.POUNDS)]

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if not hasattr(value, "as_sql"):  # an expression is the database's to compute
            value = self.to_python(value)
            if value is not None and value.is_finite():
                value = value.scaleb(self.POUNDS)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Decimal | None, expression: Any, connection: BaseDatabaseWrapper) -> Decimal | None:
        if value is None:
            return None
        # A quotient has no more decimals than it needs beyond the two that it began with.
        return value / THOUSAND

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"decimal_places": self.decimal_places + self.POUNDS, **kwargs})


class FteField(BudgetFigureField):
    """A number of full-time equivalent posts, ``numeric(9,2)``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 9)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


class ValueField(ExactDecimalField):
    """A figure of a measure, with as many decimals as it was given: "7.35" and "65.0" are both kept as they stand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 25)
        kwargs.setdefault("decimal_places", 10)
        super().__init__(*args, **kwargs)

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "numeric"  # numeric(25,10) would give 65.0 back as 65.0000000000
