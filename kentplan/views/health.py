"""Whether the portal works, for a load balancer: one word, without a session, a cookie or a host of its own."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

_migrated = False  # once true it stays so: whoever migrates further starts newer processes


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers. Whoever gets no answer here starts it again."""
    return _word("alive")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """It can serve pages: the database answers and has the tables that the code knows."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return _word("ready") if _has_all_tables() else _word("migrations", status=503)
    except DatabaseError:
        return _word("database", status=503)


def _has_all_tables() -> bool:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _word(word: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{word}\n", status=status, content_type="text/plain; charset=utf-8")
