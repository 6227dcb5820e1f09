"""What .ci/audit makes of pip-audit's answer: a hole fails, a source that cannot be reached does not."""

import json
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from kentplan.__main__ import ROOT

CLEAN = {"name": "django", "version": "5.2.14", "vulns": []}
HOLE = {"name": "jinja2", "version": "3.1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.6"]}]}
UNKNOWN = {"name": "rich", "skip_reason": "Dependency not found on PyPI and could not be audited: rich (15.0.0)"}


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    module = ModuleType("audit")
    exec(SourceFileLoader("audit", str(ROOT / ".ci" / "audit")).get_code("audit"), module.__dict__)
    return module


@pytest.mark.parametrize(
    ("packages", "code", "says"),
    [
        ([CLEAN], 0, ""),
        ([CLEAN, HOLE], 1, "some.lock: jinja2 3.1.0: PYSEC-1, mended in ['3.1.6']"),
        ([UNKNOWN], 0, "Not audited for known holes: no source of them could be reached (some.lock)."),
        ([CLEAN, UNKNOWN], 0, "some.lock: 1 of 2 packages could not be asked about."),
        (None, 0, "Not audited for known holes: no source of them could be reached (some.lock)."),
    ],
)
def test_only_a_hole_fails(
    packages: list[object] | None,
    code: int,
    says: str,
    audit: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = tmp_path / "pip-audit"
    answer = "" if packages is None else json.dumps({"dependencies": packages})
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{answer}\nEND\nexit 1\n")
    program.chmod(0o755)
    audit.PIP_AUDIT = program  # type: ignore[attr-defined]

    assert audit.main(["some.lock"]) == code
    assert capsys.readouterr().out.strip() == says
