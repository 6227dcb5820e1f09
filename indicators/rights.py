"""Whose the figures of a measure are to change: results are returned, targets are set, by different people."""

from types import MappingProxyType

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from indicators.models import FigureKind, Listing
from people.rights import Act, may

CHANGED_BY = MappingProxyType(
    {
        FigureKind.ACTUAL: Act.RETURN_ACTUAL,
        FigureKind.ESTIMATE: Act.RETURN_ACTUAL,
        FigureKind.TARGET: Act.SET_TARGET,
    }
)


def may_change(user: AbstractBaseUser | AnonymousUser, listing: Listing) -> list[FigureKind]:
    """The kinds of this measure's figures that `user` may change."""
    return [kind for kind, act in CHANGED_BY.items() if may(user, act, unit=listing.unit, year=listing.plan.year)]
