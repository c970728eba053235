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

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Kẻng <keng@localhost>")

# Where the platforms are. Any conforming server can stand in (docs/operators.md).
FACEBOOK_GRAPH_VERSION = env.text("FACEBOOK_GRAPH_VERSION", "v25.0")
FACEBOOK_GRAPH_URL = env.text("FACEBOOK_GRAPH_URL", "https://graph.facebook.com/")
FACEBOOK_TOKEN_URL = env.text("FACEBOOK_TOKEN_URL", f"{FACEBOOK_GRAPH_URL.rstrip('/')}/oauth/access_token")
ZALO_OPENAPI_URL = env.text("ZALO_OPENAPI_URL", "https://openapi.zalo.me")
ZALO_OAUTH_URL = env.text("ZALO_OAUTH_URL", "https://oauth.zaloapp.com")

# Delivery. The grace before reading back must outlast the client timeout and the platform's own work.
PUBLISH_CONNECT_TIMEOUT = env.seconds("PUBLISH_CONNECT_TIMEOUT", 10)
PUBLISH_READ_TIMEOUT = env.seconds("PUBLISH_READ_TIMEOUT", 30)
PUBLISH_GRACE = env.seconds("PUBLISH_GRACE", 60)
PUBLISH_LEASE = env.seconds("PUBLISH_LEASE", 180)
PUBLISH_BACKOFF = env.seconds("PUBLISH_BACKOFF", 10)
PUBLISH_MAX_ATTEMPTS = env.integer("PUBLISH_MAX_ATTEMPTS", 8, least=1, most=50)
# Posts link to the portal page and wait for it, at most this long.
PUBLISH_PORTAL_HEADSTART = env.seconds("PUBLISH_PORTAL_HEADSTART", 15)
PUBLISH_POLL = env.seconds("PUBLISH_POLL", 1)
WORKER_THREADS = env.integer("WORKER_THREADS", 4, least=1, most=64)
PORTAL_BACKEND = "cms.portal.publishing.PortalBackend"
# Renders a snapshot as the portal would; the lower layers reach the portal by this name only.
PORTAL_PREVIEW = "cms.portal.previewing.render_preview"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
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
