"""What a browser has in the form of a page when it is opened, to be sent back with what is typed."""

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    """The controls of the last form of the page that posts, as a browser without JavaScript would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, Any] = {}
        self._inside = False
        self._text: str | None = None  # the name of the open textarea
        self._choice: str | None = None

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        given = dict(found)
        name = given.get("name") or ""
        if tag == "form":
            # What the frame posts (signing out) has no token of a change.
            self._inside = (given.get("method") or "").lower() == "post" and not given.get("action")
            if self._inside:
                self.sent = {}
        elif not self._inside or (not name and tag != "option"):
            return
        elif tag == "textarea":
            self._text = name
            self.sent[name] = ""
        elif tag == "select":
            self._choice = name
        elif tag == "option" and self._choice:
            if "selected" in given or self._choice not in self.sent:
                self.sent[self._choice] = given.get("value") or ""
        elif tag == "input" and name != "csrfmiddlewaretoken":
            self._handle_input(name, given)

    def _handle_input(self, name: str, given: dict[str, str | None]) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "file") or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        value = given.get("value") or ("on" if kind == "checkbox" else "")
        if kind == "checkbox" and name in self.sent:
            self.sent[name] = [*([self.sent[name]] if isinstance(self.sent[name], str) else self.sent[name]), value]
        else:
            self.sent[name] = value

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self.sent[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea" and self._text is not None:
            self.sent[self._text] = self.sent[self._text].removeprefix("\n")
            self._text = None
        elif tag == "select":
            self._choice = None


def as_opened(page: Any) -> dict[str, Any]:
    """What the form of an answer would send if nothing were typed."""
    assert page.status_code in (200, 409), page.status_code
    parser = _Form()
    parser.feed(page.content.decode())
    return parser.sent
