"""Doubts: the questions that documents leave open, the answer to one, and taking an answer back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from history.changes import Repeated
from kentplan.doubts import answering
from kentplan.doubts.answering import Gone, Refused
from kentplan.doubts.forms import AnswerForm, RequiredReasonForm
from kentplan.doubts.page import DoubtPage, answer_of, doubt_page
from kentplan.doubts.questions import answers_to, documents_with_doubts, questions_of, with_lines
from people.models import User
from people.rights import Act, may, require

PER_PAGE = 25


@require_safe
def doubt_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW_LOAD_REPORT)
    documents = list(documents_with_doubts())
    questions = [question for document in documents for question in questions_of(document)]
    page = Paginator(questions, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "number": len(questions),
        "asked": with_lines(list(page.object_list)),
        "answers": answers_to(documents),
        "documents": documents,
        "may_answer": may(request.user, Act.ANSWER_DOUBT),
    }
    return render(request, "kentplan/doubt_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def doubt_detail(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    require(request.user, Act.VIEW_LOAD_REPORT)
    page = doubt_page(pk, key)
    if request.method == "POST":
        require(request.user, Act.ANSWER_DOUBT)
        return _answered(request, page)
    if page.question is None:
        return _no_longer_open(request, page, status=404)
    form, reason = AnswerForm(question=page.question), RequiredReasonForm()
    return _form(request, page, form, reason)


def _answered(request: HttpRequest, page: DoubtPage) -> HttpResponse:
    """Take the answer, or show the form again with what keeps it from being taken."""
    reason = RequiredReasonForm(request.POST)
    if page.question is None:
        return _no_longer_open(request, page, status=409, reason=reason)
    form = AnswerForm(request.POST, question=page.question)
    if not all([form.is_valid(), reason.is_valid()]):
        return _form(request, page, form, reason)
    assert isinstance(request.user, User)
    try:
        at_once = answering.answer(
            page.question,
            form.cleaned_data["value"],
            reason=reason.cleaned_data["why"],
            by=request.user,
            token=reason.cleaned_data["token"],
        )
    except Repeated:
        messages.info(request, "The form was sent twice. The answer is stored, once.")
    except Gone:
        return _no_longer_open(request, page, status=409, reason=reason)
    except Refused as refused:
        form.add_error("choice", refused.says)
        return _form(request, page, form, reason.renewed())
    else:
        messages.success(request, _stored(at_once=at_once))
    return HttpResponseRedirect(reverse("kentplan:doubt_list"))


def _stored(*, at_once: bool) -> str:
    if at_once:
        return "The answer is stored, and the document was read again with it."
    return "The answer is stored. It is applied when the document is loaded the next time."


def _form(request: HttpRequest, page: DoubtPage, form: AnswerForm, reason: RequiredReasonForm) -> HttpResponse:
    context = {
        "shown": page,
        "form": form,
        "reason": reason,
        "all_forms": [form, reason],
        "failed": form.is_bound and bool(form.errors or reason.errors),
        "may_answer": may(request.user, Act.ANSWER_DOUBT),
        "year": page.document.plan.year if page.document.plan else None,
    }
    return render(request, "kentplan/doubt_detail.html", context)


def _no_longer_open(
    request: HttpRequest, page: DoubtPage, *, status: int, reason: RequiredReasonForm | None = None
) -> HttpResponse:
    """The question was answered meanwhile: who did, and what was typed here, so that nothing of it is lost."""
    token = str(reason["token"].value() or "") if reason else ""
    if answering.is_repeated(token):
        messages.info(request, "The form was sent twice. The answer is stored, once.")
        return HttpResponseRedirect(reverse("kentplan:doubt_list"))
    context = {
        "document": page.document,
        "answers": answers_to([page.document]),
        "typed": [text for name in ("other", "why") if (text := request.POST.get(name, "").strip())],
        "year": page.document.plan.year if page.document.plan else None,
    }
    return render(request, "kentplan/doubt_gone.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def doubt_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.ANSWER_DOUBT)
    found = answer_of(pk)
    reason = RequiredReasonForm(request.POST or None)
    if request.method == "POST" and (found is None or reason.is_valid()):
        assert isinstance(request.user, User)
        if found is None:
            messages.info(request, "That answer was withdrawn already.")
            return HttpResponseRedirect(reverse("kentplan:doubt_list"))
        try:
            at_once = answering.withdraw(
                pk, reason=reason.cleaned_data["why"], by=request.user, token=reason.cleaned_data["token"]
            )
        except (Gone, Repeated):
            messages.info(request, "That answer was withdrawn already.")
        except Refused as refused:
            reason.add_error("why", refused.says)
        else:
            again = " The document was read again without it." if at_once else " It counts from the next load on."
            messages.success(request, f"The answer is withdrawn.{again}")
        if not reason.errors:
            return HttpResponseRedirect(reverse("kentplan:doubt_list"))
    if found is None:
        raise Http404("There is no such answer.")
    context = {"answer": found, "reason": reason, "all_forms": [reason]}
    return render(request, "kentplan/doubt_withdraw.html", context)
