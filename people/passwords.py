"""The link by which a person sets a password: mailed to them, or told to whoever has the machine."""

from smtplib import SMTPException

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest
from django.urls import reverse

from people.models import User


def password_path(person: User) -> str:
    """The address of the page, without the site's own: it serves once, and for three days."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})


def mail_link(request: HttpRequest, person: User) -> bool:
    """Whether the link could be handed to the mail."""
    context = {"person": person, "link": request.build_absolute_uri(password_path(person)), "by": request.user}
    try:
        get_adapter().send_mail("people/email/password_link", person.email, context)
    except (OSError, SMTPException):
        return False
    return True
