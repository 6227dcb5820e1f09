"""Open a file that somebody hands in: text, workbook or CSV, told by its name, refused in words where it is none."""

import hashlib
from pathlib import Path

from kentplan.interpreting import SHEETS
from plans.documents import Document
from plans.sheets import SheetError, SheetPlan, read_csv, read_workbook

LARGEST = 50 * 1024 * 1024


class FileError(Exception):
    """The file cannot be read; the message says which and what to do."""


def open_file(path: Path) -> Document | SheetPlan:
    """The document in the file. Its hash is that of the file's bytes, whatever they hold."""
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}.") from error
    if content is None:
        raise FileError(f"{path} is larger than {LARGEST // 1024 // 1024} MB: no plan is.")
    digest = hashlib.sha256(content).hexdigest()
    reader = {".xlsx": read_workbook, ".csv": read_csv}.get(path.suffix.lower())
    if reader:
        try:
            return reader(path, digest, SHEETS)
        except SheetError as error:
            raise FileError(str(error)) from error
    return Document(_text(path, content), path.name, digest)


def _text(path: Path, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"{path} is not UTF-8 text (byte {error.start}): save it as “Unicode (UTF-8)” text.") from error
    if "\x00" in text:
        raise FileError(f"{path} is not a text: it holds a NUL character.")
    return text
