"""Django's settings, from the environment. Only `run.py` fills in what is missing, with values fit for one machine."""

from datetime import date
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from jinja2 import FileSystemLoader, PrefixLoader, StrictUndefined

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def required(name: str, purpose: str) -> str:
    """The text of a setting that has no default."""
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. It is {purpose}. Set it in the environment, or start with "
            "`python3 run.py` (or `python3 run.py manage ...`), which brings its own."
        )
    return value


# What differs from place to place
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", "the long random text that signs sessions")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # what it was before, while it is being changed
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
HTTPS = env.bool("HTTPS", default=True)  # off only where the portal is served to its own machine
ALLAUTH_TRUSTED_PROXY_COUNT = env.int(
    "TRUSTED_PROXIES", default=0
)  # without the true number the throttle is decoration
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("FROM_EMAIL", default="kentplan@localhost")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")  # whom the accessibility statement names; the council's to set

# The demonstration stands still on a day of its plans' year; anywhere else today is the clock's
TODAY = date.fromisoformat(env.str("TODAY")) if env.str("TODAY", default="") else None

# The application reads and writes as one role; another owns the tables and migrates (manage.py says which commands do)
_database = env.db_url_config(required("DATABASE_URL", "the database, as the application's role: postgres://..."))
APP_ROLE: str = _database["USER"]
if env.bool("AS_OWNER", default=False):
    _database = env.db_url_config(required("DATABASE_OWNER_URL", "the same database, as the role that owns its tables"))
# A database that hangs must not hang the web server's workers, which have half a minute; whoever migrates may take longer
_patience: dict[str, Any] = {"connect_timeout": 5, "tcp_user_timeout": 10_000, "keepalives_idle": 10}
if _database["USER"] == APP_ROLE:
    _patience["options"] = "-c statement_timeout=25s"
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **_database,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**_patience, **_database.get("OPTIONS", {})},
    }
}
CACHES = {  # in the database, since the workers share no memory and the throttle on sign-in must count for all
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kentplan_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What the portal is made of
INSTALLED_APPS = [
    "kentplan",
    "reports",
    "budgets",
    "indicators",
    "projects",
    "people",
    "plans",
    "history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "template_partials",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "kentplan.house.answers",  # the outermost: it and the next three give every answer its headers
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "kentplan.house.health_pages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.sessions.Sessions",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "people.second_factor.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kentplan.looking_back.LookingBack",  # the innermost, see there
]
ROOT_URLCONF = "kentplan.urls"
WSGI_APPLICATION = "kentplan.wsgi.application"

# Pages are Django's templates; only templates/rows/ are Jinja2's, found under the same names ("rows/...")
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "OPTIONS": {
            "loader": PrefixLoader({"rows": FileSystemLoader(BASE_DIR / "templates" / "rows")}),
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

FORM_RENDERER = "django.forms.renderers.Jinja2"  # a choice of sixty units costs a fifth of what it does otherwise

# Who may come in
AUTH_USER_MODEL = "people.User"
SESSION_ENGINE = "people.sessions"
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)  # without a request, then it is over
SESSION_HOURS = env.int("SESSION_HOURS", default=12)  # from sign-in, whatever is done
SESSION_WARNING_MINUTES = 2
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # the cookie has no end of its own: it is the server that ends a session
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [  # scrypt needs memory to attack and no further package
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "people.sign_in.AccountAdapter"
ACCOUNT_FORMS = {"login": "people.account_forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator enters the address; nobody signs up
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # the message to an address without an account would ask it to sign up
ACCOUNT_SESSION_REMEMBER = False

# The council's own identity provider (people/identity_provider.py): all four, or none
OIDC = {name: env.str(f"OIDC_{name}", default="") for name in ("SERVER_URL", "CLIENT_ID", "CLIENT_SECRET", "NAME")}
if any(OIDC.values()) and not all(OIDC.values()):
    raise ImproperlyConfigured(
        f"An identity provider needs OIDC_{', OIDC_'.join(OIDC)}; {', '.join(f'OIDC_{n}' for n in OIDC if not OIDC[n])} "
        "is not set. Set all of them, or none to sign in by e-mail address and password only."
    )
if OIDC["SERVER_URL"] and not OIDC["SERVER_URL"].startswith("https://") and HTTPS:
    raise ImproperlyConfigured("OIDC_SERVER_URL must begin with https://: who signs in is what it says.")
# What it says of a session in which it asked for a second factor itself, as claim:value; none is believed without being here
OIDC_SECOND_FACTOR_CLAIMS = env.list("OIDC_SECOND_FACTOR_CLAIMS", default=["amr:mfa"])


def identity_provider(server_url: str, client_id: str, client_secret: str, name: str) -> dict[str, Any]:
    """The sign-in library's settings for one provider."""
    app = {
        "provider_id": "council",
        "name": name,
        "client_id": client_id,
        "secret": client_secret,
        "settings": {"server_url": server_url.rstrip("/"), "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


SOCIALACCOUNT_ADAPTER = "people.identity_provider.SocialAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = (
    identity_provider(OIDC["SERVER_URL"], OIDC["CLIENT_ID"], OIDC["CLIENT_SECRET"], OIDC["NAME"])
    if all(OIDC.values())
    else {}
)
# Failures are counted 10 a minute by address, 5 in five minutes by account (people/throttle.py): the library's defaults
BROWSER_COOKIE_NAME = "__Host-browser" if HTTPS else "browser"  # names the accounts that signed in with it

# A second factor: whoever moves money, approves it or keeps people must have one
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=True)
MFA_ADAPTER = "people.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "kentplan"
MFA_TOTP_TOLERANCE = 1  # clocks differ by half a minute
MFA_FORMS = {
    "authenticate": "people.factor_forms.CodeForm",
    "reauthenticate": "people.factor_forms.CodeAgainForm",
    "activate_totp": "people.factor_forms.AppForm",
    "add_webauthn": "people.factor_forms.PasskeyForm",
    "edit_webauthn": "people.factor_forms.PasskeyNameForm",
    "authenticate_webauthn": "people.factor_forms.PasskeyAnswerForm",
    "reauthenticate_webauthn": "people.factor_forms.PasskeyAgainForm",
    "login_webauthn": "people.factor_forms.PasskeySignInForm",
}

# What a browser is told
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # a load balancer asks in clear
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (
    ("__Host-sessionid", "__Host-csrftoken") if HTTPS else ("sessionid", "csrftoken")
)
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # not Strict: an identity provider leads back from elsewhere
MESSAGE_STORAGE = "kentplan.house.Messages"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# What a browser may send: nothing in Django limits a file, so a handler of ours does
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "kentplan.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a grid of 300 lines, every cell of it
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# Language and time
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

# Style sheets, scripts and fonts, straight from the packages that ship them
_packages = BASE_DIR / "node_modules"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("govuk", _packages / "govuk-frontend" / "dist" / "govuk"),
    ("inter", _packages / "@fontsource-variable" / "inter"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# One line of JSON each, to the standard error; nobody is written to, and no page of an error shows a setting
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "kentplan.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "kentplan.events": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
