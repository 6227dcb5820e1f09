"""Signing in by e-mail address and password, one's own account, and what is written down of it."""

import logging
from typing import Any

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from people.models import User
from tests.factories import GrantFactory, PortfolioFactory, UserFactory
from tests.people.signing_in import PASSWORD, log_in, with_password


@pytest.mark.parametrize("password", ["elevenchars", "123456qwerty", "1q2w3e4r5t6y", "startfinding"])
def test_a_short_or_common_password_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", ["twelve chars", "correct horse battery", "zzyzx zzyzx zzyzx"])
def test_a_long_password_needs_no_figures_capitals_or_signs(password: str) -> None:
    validate_password(password)


@pytest.mark.django_db
def test_a_wrong_password_and_an_unknown_address_are_told_the_same(
    client: Client, poc_member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    encode = ScryptPasswordHasher.encode

    def counted(self: ScryptPasswordHasher, *args: Any, **facts: Any) -> str:
        hashed.append("once")
        return encode(self, *args, **facts)

    monkeypatch.setattr(ScryptPasswordHasher, "encode", counted)
    with_password(poc_member)

    answers, costs = [], []
    for address in (poc_member.email, "nobody@example.org"):
        hashed.clear()
        answer = log_in(client, address, "wrong horse battery")
        costs.append(len(hashed))
        answers.append(
            (answer.status_code, answer.content.decode().replace(address, "ADDRESS").split("csrfmiddleware")[0])
        )

    assert answers[0] == answers[1]
    assert costs[0] == costs[1] > 0


@pytest.mark.django_db
def test_asking_for_a_new_password_does_not_tell_who_has_an_account(
    client: Client, poc_member: User, mailoutbox: list[Any]
) -> None:
    answers = [
        client.post("/accounts/password/reset/", {"email": email}) for email in (poc_member.email, "nobody@example.org")
    ]

    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [
        (302, "/accounts/password/reset/done/")
    ] * 2
    assert [message.to for message in mailoutbox] == [[poc_member.email]]


@pytest.mark.django_db
def test_the_account_page_names_roles_and_where_they_are_held(client: Client) -> None:
    user = with_password(UserFactory(finance_officer=True, grant__portfolio=PortfolioFactory(name="Early Years")))
    GrantFactory(user=user, role="auditor")
    client.force_login(user)

    shown = client.get("/accounts/").content.decode()

    assert "<dt>Finance officer</dt><dd>Early Years</dd>" in shown.replace("&amp;", "&")
    assert "<dt>Auditor</dt><dd>all units</dd>" in shown
    assert user.email in shown
    assert 'href="/accounts/password/change/"' in shown
    assert 'href="/accounts/2fa/app/add/"' in shown


@pytest.mark.django_db
def test_every_page_leads_to_the_account(client: Client, poc_member: User) -> None:
    client.force_login(poc_member)

    assert '<a href="/accounts/">Your account</a>' in client.get("/help/").content.decode()


@pytest.mark.django_db
def test_signing_in_and_failing_to_are_written_down_without_the_address(
    client: Client, poc_member: User, caplog: pytest.LogCaptureFixture
) -> None:
    with_password(poc_member)

    with caplog.at_level(logging.INFO, logger="kentplan.events"):
        log_in(client, poc_member, "wrong horse battery")
        log_in(client, poc_member)

    written = [record.facts for record in caplog.records if record.name == "kentplan.events"]
    assert [facts["event"] for facts in written] == ["log in failed", "log in"]
    assert written[1]["user"] == poc_member.pk
    assert not any(text in str(written) for text in (poc_member.email, "horse"))


@pytest.mark.django_db
def test_changing_the_password_is_written_down(
    client: Client, poc_member: User, caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(with_password(poc_member))
    new = "another horse battery"

    with caplog.at_level(logging.INFO, logger="kentplan.events"):
        client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    poc_member.refresh_from_db()
    assert poc_member.check_password(new)
    assert "password changed" in [record.facts["event"] for record in caplog.records if hasattr(record, "facts")]
