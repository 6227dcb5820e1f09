"""Where figures stand on a chart's axis. No Django: a chart's data are put together by each app's reporting."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

WIDTH = Decimal(1000)  # of every chart's own coordinates


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `low` to `high`, in the coordinates 0 to 1000 of a chart."""

    low: Decimal
    high: Decimal
    step: Decimal = Decimal(0)  # between ticks; nil where the axis has none

    @classmethod
    def over(cls, figures: Iterable[Decimal], *, from_nil: bool = True) -> "Scale":
        """A scale that holds all `figures`, on round ends; from nil, unless a cut axis is asked for (and then said)."""
        there = [*figures, *([Decimal(0)] if from_nil else [])] or [Decimal(0)]
        low, high = min(there), max(there)
        step = _step(high - low or abs(high) or Decimal(1))
        return cls(
            step * (low / step).to_integral_value("ROUND_FLOOR"),
            step * (high / step).to_integral_value("ROUND_CEILING"),
            step,
        )

    def at(self, figure: Decimal) -> str:
        """Where `figure` stands: "0" at the low end, "1000" at the high end."""
        span = self.high - self.low or Decimal(1)
        place = (figure - self.low) / span * WIDTH
        return f"{place.quantize(Decimal('0.1')).normalize():f}"

    def part(self, figure: Decimal) -> Decimal:
        """Which part of the way along the axis `figure` stands: 0 at the low end, 1 at the high end."""
        return (figure - self.low) / (self.high - self.low or Decimal(1))

    def percent(self, figure: Decimal) -> str:
        """Where `figure` stands in per cent of the width, for a drawing that is as wide as its page: "74.22%"."""
        return f"{(self.part(figure) * 100).quantize(Decimal('0.01')).normalize():f}%"

    def length(self, figure: Decimal) -> str:
        """How long a bar of `figure` is, whichever its sign."""
        span = self.high - self.low or Decimal(1)
        return f"{(abs(figure) / span * WIDTH).quantize(Decimal('0.1')).normalize():f}"

    @property
    def ticks(self) -> list[Decimal]:
        """Round figures along the axis, a step apart, both ends included; at most twelve."""
        count = int((self.high - self.low) / self.step) if self.step else 0
        return [self.low + self.step * number for number in range(count + 1)]


def _step(span: Decimal) -> Decimal:
    """The round figure (1, 2 or 5 times a power of ten) that divides `span` into at least four parts, and less than ten."""
    power = Decimal(1).scaleb((span / 4).adjusted())
    return max(power * factor for factor in (1, 2, 5) if span / (power * factor) >= 4)
