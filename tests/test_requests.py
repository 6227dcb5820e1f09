"""Whatever a request says its text is written in, it is read as UTF-8."""

import pytest
from django.test import RequestFactory

from kentplan.requests import Handler, Request

FORM = {"data": "name=%C3%A9", "content_type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("codec", ["idna", "punycode", "undefined", "base64", "rot13", "utf-7", "utf-16", "bogus"])
def test_a_request_in_a_strange_codec_is_read_as_utf_8(codec: str) -> None:
    environ = RequestFactory().post("/units/", **FORM).environ
    environ |= {"CONTENT_TYPE": f"{FORM['content_type']}; charset={codec}", "QUERY_STRING": "q=%C3%A9&r=%ff"}

    request = Request(environ)

    assert request.GET["q"] == request.POST["name"] == "é"
    assert request.GET["r"] == "\ufffd"


def test_the_portal_reads_its_requests_so() -> None:
    from kentplan.wsgi import application

    assert isinstance(application, Handler)
