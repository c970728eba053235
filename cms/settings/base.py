"""What every installation shares. Values that differ come from the environment (see .env.example)."""

from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from cms.settings import env

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var"))).resolve()

DEBUG = False

INSTALLED_APPS = [
    "cms.core.apps.CoreConfig",
    "cms.audit.apps.AuditConfig",
    "cms.users.apps.UsersConfig",
    "cms.signin.apps.SignInConfig",
    "cms.information.apps.InformationConfig",
    "cms.editorial.apps.EditorialConfig",
    "cms.portal.apps.PortalConfig",
    "cms.portal.opendata.apps.OpenDataConfig",
    "cms.intake.apps.IntakeConfig",
    "cms.tips.apps.TipsConfig",
    "cms.subscriptions.apps.SubscriptionsConfig",
    "publishers.apps.PublishersConfig",
    "scam_warnings.apps.ScamWarningsConfig",
    "media.apps.MediaConfig",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "cms.users.apps.PeopleConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "django_tasks",
    "huey.contrib.djhuey",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cms.audit.middleware.AuditMiddleware",
    "cms.users.guard.UnitGuard",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cms.signin.middleware.SessionMiddleware",
    "cms.signin.known.KnownBrowserMiddleware",
    "axes.middleware.AxesMiddleware",
    "cms.core.incomplete.IncompleteForm",
    "cms.core.odd_queries.OddQueries",
]

CSRF_FAILURE_VIEW = "cms.core.refusals.stale_form"
ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "users.User"
# Signing in (docs/decisions/0019-signing-in.md).
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# NIST SP 800-63B-4: length and a blocklist, no prescribed characters, no expiry.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "cms.signin.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "cms.signin.passwords.GuessedFirstValidator"},
]
# Approvers, administrators and superusers enter with two factors. Only the test suite turns it off.
SECOND_FACTOR_REQUIRED = True
# Accounts let in without, where the settings allow it at all: the demonstration's.
SECOND_FACTOR_EXEMPTION_ALLOWED = False
SECOND_FACTOR_EXEMPT = env.listing("SECOND_FACTOR_EXEMPT")
INVITATION_HOURS = env.integer("INVITATION_HOURS", 72, least=1, most=720)
# So many wrong passwords from all addresses together, within the time of a lock.
SIGNIN_ACCOUNT_LIMIT = env.integer("SIGNIN_ACCOUNT_LIMIT", 50, least=10, most=1000)
SIGNIN_LOCK_MINUTES = env.integer("SIGNIN_LOCK_MINUTES", 15, least=1, most=1440)

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
WAGTAILADMIN_LOGIN_URL = "/admin/login/"
# Passwords are changed and set on our own pages only; addresses by administrators.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False

ACCOUNT_ADAPTER = "cms.signin.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True
# Guesses are counted by django-axes in the database: allauth's own limits need a cache that is always there.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "cms.signin.forms.SignInForm",
    "reauthenticate": "cms.signin.forms.PasswordAgainForm",
    "change_password": "cms.signin.forms.ChangePasswordForm",
    "reset_password": "cms.signin.forms.ResetPasswordForm",
    "reset_password_from_key": "cms.signin.forms.SetPasswordByLinkForm",
}
PASSWORD_RESET_TIMEOUT = 3600
MFA_ADAPTER = "cms.signin.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = False
MFA_FORMS = {
    "authenticate": "cms.signin.forms.CodeForm",
    "reauthenticate": "cms.signin.forms.CodeAgainForm",
    "activate_totp": "cms.signin.forms.AppForm",
    "add_webauthn": "cms.signin.forms.PasskeyForm",
}
AXES_ENABLED = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=SIGNIN_LOCK_MINUTES)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_HANDLER = "cms.signin.throttling.Handler"
AXES_LOCKOUT_PARAMETERS = "cms.signin.throttling.lockout_parameters"
AXES_LOCKOUT_CALLABLE = "cms.signin.throttling.locked_page"
AXES_CLIENT_IP_CALLABLE = "cms.signin.throttling.client_address"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = [
    "username",
    "login",
    "email",
    "oldpassword",
    "password1",
    "code",
    "credential",
    "csrfmiddlewaretoken",
    "next",
]
# Seconds without a sign of life, and seconds from signing in, after which a session ends.
SESSION_IDLE_SECONDS = env.seconds("SESSION_IDLE_SECONDS", 3600)
SESSION_COOKIE_AGE = env.integer("SESSION_SECONDS", 12 * 3600, least=300, most=7 * 86400)

# Language, time, numbers: Django's own Vietnamese formats (d-m-Y) are replaced.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = [("vi", _("Vietnamese"))]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "cms" / "editorial" / "overlay", BASE_DIR / "publishers" / "adapters" / "locale"]
FORMAT_MODULE_PATH = ["cms.core.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(VAR_DIR / "static"))).resolve()
# Uploads live outside the importable media package.
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
SEALED_ROOT = MEDIA_ROOT / "sealed"
PORTAL_ROOT = VAR_DIR / "portal"
# Under which terms others may use the public data (the page /du-lieu-mo/ and the API's description name them).
OPEN_DATA_LICENCE = env.text("OPEN_DATA_LICENCE", "CC BY 4.0")
OPEN_DATA_LICENCE_URL = env.text(
    "OPEN_DATA_LICENCE_URL", "https://creativecommons.org/licenses/by/4.0/deed.vi"
)
PORTAL_LOCK_PATIENCE = env.seconds("PORTAL_LOCK_PATIENCE", 20)
# Where the finished files go besides: a folder, or s3://bucket/prefix (docs/portal-delivery.md).
PORTAL_STORE = env.text("PORTAL_STORE", "")
PORTAL_S3_ENDPOINT = env.text("PORTAL_S3_ENDPOINT", "")
PORTAL_S3_REGION = env.text("PORTAL_S3_REGION", "us-east-1")
PORTAL_S3_ACCESS_KEY = env.text("PORTAL_S3_ACCESS_KEY", "")
PORTAL_S3_SECRET_KEY = env.text("PORTAL_S3_SECRET_KEY", "")
# The cache in front that is told what changed: an address with {url} or {path}, or a function's dotted path.
PORTAL_PURGE = env.text("PORTAL_PURGE", "")
PORTAL_PURGE_METHOD = env.choice("PORTAL_PURGE_METHOD", "POST", ("POST", "PURGE", "DELETE", "GET", "PUT"))
PORTAL_PURGE_TOKEN = env.text("PORTAL_PURGE_TOKEN", "")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Tasks only wake the workers: the outbox in the database holds the truth (docs/decisions/0003-outbox.md).
TASKS = {
    # Wagtail's own (search and reference index): docs/decisions/0004-tasks.md.
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "ENQUEUE_ON_COMMIT": True},
    "delivery": {
        "BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend",
        "QUEUES": [],
        "ENQUEUE_ON_COMMIT": True,
    },
}

WAGTAIL_SITE_NAME = "Kẻng"
WAGTAILADMIN_BASE_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000")
PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
WAGTAILIMAGES_IMAGE_MODEL = "media.WarningImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "media.forms.WarningImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "media.forms.CheckedDocumentForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.core.search_backend"}}
WAGTAIL_FINISH_WORKFLOW_ACTION = "cms.editorial.finish.approved_elsewhere"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_MODERATION_ENABLED = True
# The admin asks no third-party host anything.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
TAGGIT_CASE_INSENSITIVE = True
WAGTAILADMIN_NOTIFICATION_USE_HTML = True
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False

EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.boolean("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Kẻng <keng@localhost>")

# Where the platforms are. Any conforming server can stand in (docs/operators.md).
FACEBOOK_GRAPH_VERSION = env.text("FACEBOOK_GRAPH_VERSION", "v25.0")
FACEBOOK_GRAPH_URL = env.text("FACEBOOK_GRAPH_URL", "https://graph.facebook.com/")
FACEBOOK_TOKEN_URL = env.text("FACEBOOK_TOKEN_URL", f"{FACEBOOK_GRAPH_URL.rstrip('/')}/oauth/access_token")
ZALO_OPENAPI_URL = env.text("ZALO_OPENAPI_URL", "https://openapi.zalo.me")
ZALO_OAUTH_URL = env.text("ZALO_OAUTH_URL", "https://oauth.zaloapp.com")
# Where Zalo's console wants one fixed PKCE challenge: its verifier, 43 characters. Empty: one for each request.
ZALO_CODE_VERIFIER = env.text("ZALO_CODE_VERIFIER", "")
# The demo's sandbox, if it runs: its partner and its mailing list become channels.
SANDBOX_URL = env.text("SANDBOX_URL", "").rstrip("/")
# Its mail server, as host:port.
SANDBOX_MAIL = env.text("SANDBOX_MAIL", "")
# “Diễn tập”: everything works, and nothing but the sandbox can be reached (cms/core/practice.py).
PRACTICE = env.boolean("PRACTICE", False)
# How often every account and channel is checked by itself.
PROBE_SECONDS = env.seconds("PROBE_SECONDS", 6 * 3600)

# Addresses typed by people (webhooks): public https hosts, and these networks (CIDR) besides.
OUTBOUND_ALLOW_HTTP = env.boolean("OUTBOUND_ALLOW_HTTP", False)
# Exact origins (http://127.0.0.1:8090) that are allowed besides: the demo names its sandbox.
OUTBOUND_ALLOWED_ORIGINS = env.listing("OUTBOUND_ALLOWED_ORIGINS")
OUTBOUND_ALLOWED_NETWORKS = env.listing("OUTBOUND_ALLOWED_NETWORKS")

# Delivery. The grace before reading back must outlast the client timeout and the platform's own work.
PUBLISH_CONNECT_TIMEOUT = env.seconds("PUBLISH_CONNECT_TIMEOUT", 10)
PUBLISH_READ_TIMEOUT = env.seconds("PUBLISH_READ_TIMEOUT", 30)
PUBLISH_GRACE = env.seconds("PUBLISH_GRACE", 60)
PUBLISH_LEASE = env.seconds("PUBLISH_LEASE", 180)
PUBLISH_BACKOFF = env.seconds("PUBLISH_BACKOFF", 10)
PUBLISH_MAX_ATTEMPTS = env.integer("PUBLISH_MAX_ATTEMPTS", 8, least=1, most=50)
# Posts link to the portal page and wait for it, at most this long.
PUBLISH_PORTAL_HEADSTART = env.seconds("PUBLISH_PORTAL_HEADSTART", 15)
# A time of publication that was not begun so many seconds later is missed: then a person decides.
SCHEDULE_GRACE = env.seconds("SCHEDULE_GRACE", 10 * 60)
SCHEDULE_DAYS = env.integer("SCHEDULE_DAYS", 60, least=1, most=366)
# A correction or withdrawal that has not reached every channel after so many seconds raises an alarm.
CHANGE_OVERDUE_URGENT = env.seconds("CHANGE_OVERDUE_URGENT", 30 * 60)
CHANGE_OVERDUE = env.seconds("CHANGE_OVERDUE", 4 * 3600)
# Seconds without a move after which due deliveries raise the alarm.
# How far back the reconciler compares channels with what was approved.
RECONCILE_DAYS = env.integer("RECONCILE_DAYS", 7, least=1, most=60)
ASSISTED_LINK_DAYS = env.integer("ASSISTED_LINK_DAYS", 14, least=1, most=365)
ASSISTED_REMIND_URGENT = env.seconds("ASSISTED_REMIND_URGENT", 15 * 60)
ASSISTED_ESCALATE_URGENT = env.seconds("ASSISTED_ESCALATE_URGENT", 30 * 60)
ASSISTED_REMIND = env.seconds("ASSISTED_REMIND", 2 * 3600)
ASSISTED_ESCALATE = env.seconds("ASSISTED_ESCALATE", 8 * 3600)
DEADMAN_SECONDS = env.seconds("DEADMAN_SECONDS", 120)
PUBLISH_HALTED = env.boolean("PUBLISH_HALTED", False)
PUBLISH_PAUSE_AFTER = env.integer("PUBLISH_PAUSE_AFTER", 5, least=1, most=100)
# kind.scope=calls/seconds/burst, for example zalo_group.account=2000/60/50; 0 calls: no limit.
PUBLISH_RATES = env.rates("PUBLISH_RATES")
PUBLISH_POLL = env.seconds("PUBLISH_POLL", 1)
WORKER_THREADS = env.integer("WORKER_THREADS", 4, least=1, most=64)
FEED_BACKEND = "cms.portal.feeds.backend.FeedBackend"
PORTAL_BACKEND = "cms.portal.publishing.PortalBackend"
# Which of Wagtail's workflows a warning takes.
APPROVAL_WORKFLOW = "cms.editorial.stages.lanes.workflow_for"
# Renders a snapshot as the portal would; the lower layers reach the portal by this name only.
PORTAL_PREVIEW = "cms.portal.previewing.render_preview"
# What the watch does for apps that publishers knows nothing of: name, seconds between two runs, function.
WATCH_JOBS = [
    ("approval-reminders", 60.0, "cms.editorial.reminders.remind"),
    ("digest", 60.0, "cms.editorial.digest.send_digests"),
    ("missed-schedules", 60.0, "cms.editorial.schedule_letters.tell_missed"),
    ("content-reminders", 600.0, "cms.editorial.content_reminders.remind"),
    ("public-expiry", 60.0, "cms.portal.expiring.expire"),
    ("urgent-calls", 15.0, "cms.editorial.stages.urgent.call"),
    ("follow-ups", 60.0, "cms.editorial.stages.follow_up_watch.remind"),
    ("tips-retention", 3600.0, "cms.tips.erasing.run"),
    ("citizens-forms", 3600.0, "cms.intake.housekeeping.forget"),
    ("subscription-notices", 5.0, "cms.subscriptions.notices.write_down"),
    ("subscription-letters", 5.0, "cms.subscriptions.outbox.send"),
    ("subscription-terms", 3600.0, "cms.subscriptions.erasing.run"),
]

# A form for citizens that comes back sooner was not read by a person: it is shown once more.
CITIZEN_FORM_SECONDS = 2
# Tips from citizens: for how many days it is kept how to reach them (with the pictures), and what they wrote.
TIPS_CONTACT_DAYS = env.integer("TIPS_CONTACT_DAYS", 90, least=1, most=3650)
TIPS_STORY_DAYS = env.integer("TIPS_STORY_DAYS", 365, least=1, most=3650)
# Tips from one network address in an hour (five times as many where the browser worked for them), and from all.
TIPS_PER_HOUR = env.integer("TIPS_PER_HOUR", 10, least=1, most=10_000)
TIPS_PER_HOUR_ALL = env.integer("TIPS_PER_HOUR_ALL", 500, least=1, most=100_000)
# Warnings by e-mail: hours in which a subscription has to be confirmed; letters of one round.
SUBSCRIPTION_HOURS = env.integer("SUBSCRIPTION_HOURS", 48, least=1, most=720)
SUBSCRIPTION_BATCH = env.integer("SUBSCRIPTION_BATCH", 100, least=1, most=5000)

# Where the audit trail keeps the end of its chain, outside the database.
AUDIT_HEAD = Path(env.text("AUDIT_HEAD", str(VAR_DIR / "audit-head.json"))).resolve()
# Servers in front of this one (CIDR): what they say in X-Forwarded-For is the visitor's address.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", "")

METRICS_ALLOWED = env.listing("METRICS_ALLOWED", "127.0.0.1/32,::1/128")
METRICS_TOKEN = env.text("METRICS_TOKEN", "")

LOG_FORMAT = env.choice("LOG_FORMAT", "plain", ("plain", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "cms.core.logs.ScrubbedFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "cms.core.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        # Their messages quote whole URLs, and a Graph URL carries its token.
        "urllib3": {"level": "WARNING"},
        "requests_oauthlib": {"level": "WARNING"},
        "huey": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        # Two lines for every wrong guess; what matters is in the record.
        "axes": {"level": "ERROR"},
    },
}

# The portal gets the strict policy; the admin's own pages need inline code.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
        # The page about the frame for other sites shows it.
        "frame-src": ["'self'"],
    },
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # wants DENY, but the editor previews pages in a frame of its own
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_PERMISSIONS = 0o644
