"""A real site: PostgreSQL, Redis, HTTPS. Everything secret comes from the environment."""

from urllib.parse import unquote, urlparse

from django.core.exceptions import ImproperlyConfigured

from cms.settings import env
from cms.settings.base import *  # noqa: F403
from cms.settings.base import CONTENT_SECURITY_POLICY, PRACTICE, PUBLIC_URL

SECRET_KEY = env.text("SECRET_KEY")
CREDENTIAL_KEYS = env.listing("CREDENTIAL_KEYS")
if not CREDENTIAL_KEYS:
    raise ImproperlyConfigured(
        "Set CREDENTIAL_KEYS: the keys that encrypt channel credentials (newest first)."
    )
AUDIT_KEYS = env.listing("AUDIT_KEYS")
if not AUDIT_KEYS:
    raise ImproperlyConfigured("Set AUDIT_KEYS: the keys that seal the audit trail (newest first).")
PUBLIC_SIGNING_KEYS = env.listing("PUBLIC_SIGNING_KEYS")
if not PUBLIC_SIGNING_KEYS:
    raise ImproperlyConfigured(
        "Set PUBLIC_SIGNING_KEYS: the keys that sign what anybody can verify (newest first; docs/verify.md)."
    )
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS") or [urlparse(PUBLIC_URL).hostname or ""]
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS", PUBLIC_URL)
DEMO = False
if PRACTICE:
    raise ImproperlyConfigured(
        "Practice mode is an installation of its own: make practice (docs/operators.md)."
    )
# nginx on the same machine; docker compose names its own network.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", "127.0.0.1/32,::1/128")

_database = urlparse(env.text("DATABASE_URL"))
if _database.scheme not in {"postgres", "postgresql"}:
    raise ImproperlyConfigured("DATABASE_URL must start with postgres:// (production runs on PostgreSQL).")
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(_database.path.lstrip("/")),
        "USER": unquote(_database.username or ""),
        "PASSWORD": unquote(_database.password or ""),
        "HOST": _database.hostname or "",
        "PORT": str(_database.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
_redis = env.text("REDIS_URL")
HUEY = {
    "huey_class": "cms.core.queue.SignedRedisHuey",
    "name": "keng",
    # A Redis that does not answer must not hold an approval up: the sweep delivers without it.
    "url": f"{_redis}{'&' if '?' in _redis else '?'}socket_connect_timeout=1&socket_timeout=5",
    "immediate": False,
    "results": False,
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _redis,
        # The cache is optional: a dead Redis must not hold a page back.
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10

SECURE_SSL_REDIRECT = env.boolean("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-keng_session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-keng_csrf"
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True  # type: ignore[index]
