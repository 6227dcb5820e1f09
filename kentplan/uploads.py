"""The limit on what may be uploaded at all."""

from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict


class LimitedUploadHandler(FileUploadHandler):
    """Refuses a request with files that is larger than `UPLOAD_MAX_BYTES`, before a byte of it is kept.

    The length is what the browser declares; the server in front reads no further than that.
    """

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]] | None:
        if content_length > settings.UPLOAD_MAX_BYTES:
            raise RequestDataTooBig(f"A file may have at most {settings.UPLOAD_MAX_BYTES // 1024**2} MB.")
        return None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data  # on to the next handler

    def file_complete(self, file_size: int) -> None:
        return None  # the next handler keeps the file
