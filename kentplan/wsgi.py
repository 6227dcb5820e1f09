"""The portal as a WSGI application, for gunicorn or another server."""

import os

import django

from kentplan.safe_start import refuse_unsafe_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kentplan.settings")
refuse_unsafe_settings()

django.setup(set_prefix=False)

from kentplan.requests import Handler  # noqa: E402  # it needs the settings

application = Handler()
