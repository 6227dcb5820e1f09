"""The sign-in library's forms of second factors, made to fit."""

from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache

from people.models import User

# What a browser may make of a passkey's answer is unpacked by a library that trusts its shape
MALFORMED = (AttributeError, LookupError, TypeError, ValueError)


def use_once(user: User, code: str) -> None:
    """A code of the app is right for a while, the clocks' difference included, but only the first time.

    The library remembers it for one period only.
    """
    key = f"people.second_factor.used:{user.pk}:{''.join(code.split())}"
    if not cache.add(key, True, timeout=app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)):
        raise get_adapter().validation_error("incorrect_code")


class CodeField(forms.CharField):
    """Digits to type, from an app or a list; a telephone offers its keys for numbers."""

    def __init__(self, label: str, help_text: str) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"})
        super().__init__(label=label, help_text=help_text, max_length=32, widget=widget)


class _CodeOnce:
    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:  # type: ignore[attr-defined]
            use_once(self.user, code)  # type: ignore[attr-defined]
        return code


class CodeForm(_CodeOnce, AuthenticateForm):
    code = CodeField("Code", "6 digits from your app, or one of your recovery codes")


class CodeAgainForm(_CodeOnce, ReauthenticateForm):
    code = CodeField("Code", "6 digits from your app, or one of your recovery codes")


class AppForm(ActivateTOTPForm):
    code = CodeField("Code", "The 6 digits that the app shows")

    def clean_code(self) -> str:
        code: str = super().clean_code()
        use_once(self.user, code)
        return code

    @property
    def secret_to_type(self) -> str:
        """In groups of four, as one reads it out."""
        secret: str = self.secret
        return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


class PasskeyForm(AddWebAuthnForm):
    name = forms.CharField(
        label="Name", help_text="To tell it from others, such as “Work laptop”", required=False, max_length=60
    )
    passwordless = forms.BooleanField(label="Sign in with it alone, without the password", required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except MALFORMED as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return cleaned


class PasskeyNameForm(EditWebAuthnForm):
    name = forms.CharField(label="Name", max_length=60)


class _Answer:
    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except MALFORMED as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeyAnswerForm(_Answer, AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(_Answer, ReauthenticateWebAuthnForm):
    pass


class PasskeySignInForm(_Answer, LoginWebAuthnForm):
    pass
