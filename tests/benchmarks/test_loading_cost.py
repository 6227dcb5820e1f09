"""What loading costs as documents grow: ten times the document, at most eleven times the time, in at most 200 MB."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import transaction

from kentplan.__main__ import ROOT
from kentplan.loading import Options, load
from plans.documents import Document
from tests.databases import Databases
from tests.plan_writer import write_plan

SMALL, LARGE = 4, 40  # the writer's size; the documents are about as large as the published plans, and ten times that


def document(size: int) -> Document:
    return Document(write_plan(random.Random(size), tier="service", damages=[], size=size).text, f"size-{size}.txt")


class _Undo(Exception):
    pass


def seconds(item: Document) -> float:
    try:
        with transaction.atomic():
            start = time.perf_counter()
            report = load([item], Options(allow_partial=True))[0]
            spent = time.perf_counter() - start
            assert report.counts["created"] > 100
            raise _Undo
    except _Undo:
        return spent


def test_ten_times_the_document_costs_at_most_eleven_times_as_much(db: None) -> None:
    small, large = document(SMALL), document(LARGE)
    factor = large.text.count("\t") / small.text.count("\t")
    assert 8 < factor < 12
    seconds(small)  # warm

    of_small = min(seconds(small) for _ in range(3))
    of_large = min(seconds(large) for _ in range(2))

    assert of_large / of_small <= 1.1 * factor


PROGRAM = """
import sys
import django
django.setup()
from django.core.management import call_command
try:
    call_command("load_plan", sys.argv[1], dry_run=True, allow_partial=True)
finally:
    # getrusage would tell the memory of the tests themselves, from which this program was started.
    with open("/proc/self/status") as status:
        print("peak", next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is told in other units elsewhere")
def test_ten_times_the_document_is_loaded_in_at_most_200_mb(db: None, databases: Databases, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(document(LARGE).text)
    environment = {**os.environ, **databases.urls(), "DJANGO_SETTINGS_MODULE": "tests.settings"}

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Would be" in done.stdout, done.stderr
    assert int(done.stdout.split()[-1]) < 200 * 1024  # kB
