"""The one way to change a tracked row: inside a change set, which says who, why and through which door.

    with change_set(by=request.user, why=form.cleaned_data["why"], door="Budget line"):
        form.save()

The database's triggers (`history.tracking`) read the open change set from the setting `kentplan.change_set`, and refuse
a change by the application's role without one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, transaction

from history.models import ChangeSet

_open: ContextVar[ChangeSet | None] = ContextVar("open change set", default=None)


class Repeated(Exception):
    """The form that carries this token was taken before: its change is made and is not to be made again."""

    def __init__(self, token: UUID) -> None:
        super().__init__(f"The form {token} has been sent already.")
        self.token = token


@contextmanager
def change_set(*, by: AbstractBaseUser | None, why: str, door: str, token: UUID | None = None) -> Iterator[ChangeSet]:
    """One change set round the block, in one transaction. A block inside another joins the outer change set.

    `by` is None for a command; a blank `why` leaves the door's own words as the reason. Raises `Repeated` where `token`
    was used before.
    """
    outer = _open.get()
    if outer is not None:
        yield outer
        return
    transaction_goes_on = connection.in_atomic_block
    with transaction.atomic():
        opened = _record(ChangeSet(by_id=by.pk if by else None, why=why.strip() or door, door=door, token=token))
        _tell_the_database(str(opened.pk))
        marker = _open.set(opened)
        try:
            yield opened
        finally:
            _open.reset(marker)
        if transaction_goes_on:
            # What the surrounding transaction writes next needs a change set of its own.
            _tell_the_database("")


def _record(opened: ChangeSet) -> ChangeSet:
    try:
        opened.save(force_insert=True)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if opened.token and getattr(diagnosis, "constraint_name", "") == "history_changeset_token_once":
            raise Repeated(opened.token) from error
        raise
    return opened


def _tell_the_database(change_set_id: str) -> None:
    with connection.cursor() as cursor:
        # True: for this transaction (or savepoint, when that is rolled back) and no longer.
        cursor.execute("SELECT set_config('kentplan.change_set', %s, true)", [change_set_id])
