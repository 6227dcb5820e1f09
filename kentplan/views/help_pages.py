"""What the portal's words and signs mean, and how accessible it is."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kentplan.terms import SUBJECTS
from people.models import Role
from people.rights import RIGHTS, Act, require


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW)
    acts = [(act.label, [role.label for role in Role if role in RIGHTS[act]]) for act in Act if act is not Act.VIEW]
    return render(request, "kentplan/help.html", {"subjects": SUBJECTS, "acts": acts})


@require_safe
def symbols(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW)
    return render(request, "kentplan/symbols.html")


@require_safe
@login_not_required  # whoever cannot sign in because of a barrier must be able to say so
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "kentplan/accessibility.html", {"contact": settings.CONTACT_EMAIL})
