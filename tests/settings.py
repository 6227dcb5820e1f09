"""The portal's own settings, with static files read where they lie instead of collected."""

from kentplan.settings import *  # noqa: F403
from kentplan.settings import STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
SECOND_FACTOR_REQUIRED = False  # the tests of it turn it on
