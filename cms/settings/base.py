"""What every installation shares. Values that differ come from the environment (see .env.example)."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from cms.settings import env

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var"))).resolve()

DEBUG = False

INSTALLED_APPS = [
    "cms.core.apps.CoreConfig",
    "cms.users.apps.UsersConfig",
    "cms.editorial.apps.EditorialConfig",
    "cms.portal.apps.PortalConfig",
    "publishers.apps.PublishersConfig",
    "scam_warnings.apps.ScamWarningsConfig",
    "media.apps.MediaConfig",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
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
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

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
PORTAL_LOCK_PATIENCE = env.seconds("PORTAL_LOCK_PATIENCE", 20)
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

WAGTAILADMIN_USER_LOGIN_FORM = "cms.users.forms.SignInForm"
WAGTAIL_SITE_NAME = "Kẻng"
WAGTAILADMIN_BASE_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000")
PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
WAGTAILIMAGES_IMAGE_MODEL = "media.WarningImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "media.forms.WarningImageForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
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
FEED_BACKEND = "cms.portal.feeds.FeedBackend"
PORTAL_BACKEND = "cms.portal.publishing.PortalBackend"
# Renders a snapshot as the portal would; the lower layers reach the portal by this name only.
PORTAL_PREVIEW = "cms.portal.previewing.render_preview"

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
