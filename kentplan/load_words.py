"""What the load_plan command says: a short table for people; the full account is in the JSON report."""

from collections import Counter
from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.progress import Progress as Bar
from rich.table import Table

from kentplan.loading import Options
from plans.loading import LoadReport

_SHOWN = 20


class Progress(Bar):
    """A bar on standard error while tables are read; silent where that is no terminal."""

    def __init__(self) -> None:
        super().__init__(console=Console(stderr=True), transient=True, disable=not Console(stderr=True).is_terminal)

    def __call__(self, name: str, done: int, total: int) -> None:
        task = next((task.id for task in self.tasks if task.description == name), None)
        self.update(self.add_task(name, total=total) if task is None else task, completed=done)


def tell(reports: Sequence[LoadReport], options: Options) -> str:
    """The reports in words, one document after the other."""
    out = StringIO()
    console = Console(file=out, width=110, highlight=False)
    for report in reports:
        _tell_one(console, report, options)
    return out.getvalue()


def _tell_one(console: Console, report: LoadReport, options: Options) -> None:
    console.print(
        f"{report.document}: {report.plan or 'no plan'}, {report.tier or 'tier unknown'}, {report.year or 'no year'}",
        markup=False,
    )
    table = Table(box=None, pad_edge=False)
    table.add_column("table")
    for name in ("tables", "rows", "repaired"):
        table.add_column(name, justify="right")
    for kind in sorted({item.kind for item in report.tables}):
        tables = [item for item in report.tables if item.kind == kind]
        rows = [row for item in tables for row in item.rows]
        repaired = sum(bool(row.source.repairs) for row in rows)
        table.add_row(kind or "(not known)", str(len(tables)), str(len(rows)), str(repaired))
    console.print(table)
    outcomes = Counter(outcome.outcome for outcome, _ in report.lines)
    console.print(
        "lines with a tab: " + ", ".join(f"{count} {name}" for name, count in outcomes.most_common()), markup=False
    )
    checks = Counter(check.outcome for check in report.checks)
    console.print("checks: " + ", ".join(f"{count} {name}" for name, count in checks.most_common()), markup=False)
    if report.new_units:
        console.print("new units: " + "; ".join(report.new_units), markup=False)
    for word, items in (("doubt", report.doubts), ("ERROR", report.errors)):
        for item, _ in items[:_SHOWN]:
            where = ", ".join(map(str, item.lines[:6]))
            console.print(f"{word}, line {where}: {item.says}", markup=False)
        if len(items) > _SHOWN:
            console.print(f"… and {len(items) - _SHOWN} more; see the report", markup=False)
    counts = ", ".join(f"{report.counts[name]} {name}" for name in ("created", "updated", "unchanged", "removed"))
    refused = report.errors and not options.allow_partial
    console.print(
        "Refused: nothing was written." if refused else f"{'Would be' if options.dry_run else 'Now'}: {counts}.",
        markup=False,
    )
    console.print()
