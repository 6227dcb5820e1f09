"""The limit on what may be uploaded at all."""

import pytest
from django.conf import LazySettings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory


@pytest.fixture(autouse=True)
def limit(settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000


def upload(rf: RequestFactory, size: int) -> WSGIRequest:
    return rf.post("/", {"plan": SimpleUploadedFile("plan.xlsx", b"x" * size)})


def test_a_file_within_the_limit_arrives_whole(rf: RequestFactory) -> None:
    assert upload(rf, 500).FILES["plan"].read() == b"x" * 500


def test_a_larger_request_is_refused(rf: RequestFactory) -> None:
    with pytest.raises(RequestDataTooBig, match="A file may have at most"):
        upload(rf, 1_001).FILES  # noqa: B018
