# Two images from one build: `app` (web, worker, migrations) and `front` (nginx with the static files).
# nginx's files are part of its image, so an upgrade can never serve yesterday's.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-input --require-hashes --no-deps -r requirements.lock
COPY manage.py ./
COPY cms ./cms
COPY publishers ./publishers
COPY media ./media
COPY warnings ./warnings
COPY deploy/local/dummy-production.env /tmp/dummy.env
RUN set -a && . /tmp/dummy.env && set +a \
    && export VAR_DIR=/tmp/var STATIC_ROOT=/app/static \
    && /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /opt/venv/bin/python -m compileall -q cms publishers media warnings /opt/venv/lib

# Debian's nginx, because Debian has the module that sends the brotli files.
FROM debian:trixie-slim AS front
RUN apt-get update \
    && apt-get install -y --no-install-recommends nginx-light libnginx-mod-http-brotli-static wget \
    && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled
COPY deploy/nginx/nginx.conf /etc/nginx/nginx.conf
COPY deploy/nginx/keng /etc/nginx/keng
COPY deploy/nginx/tls.conf /etc/nginx/conf.d/default.conf
COPY --from=build /app/static /srv/keng/static
HEALTHCHECK --interval=15s --timeout=3s --start-period=5s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1/nginx-health"]
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]

FROM python:3.13-slim AS app
# Pillow shapes text with HarfBuzz only where it finds fribidi.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libfribidi0 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 keng \
    && useradd --uid 10001 --gid keng --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin keng \
    && install -d -o keng -g keng -m 755 /var/lib/keng
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app:/app/warnings \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=cms.settings.production \
    VAR_DIR=/var/lib/keng \
    STATIC_ROOT=/app/static \
    HOST=0.0.0.0 \
    PORT=8000
WORKDIR /app
USER keng
VOLUME /var/lib/keng
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "cms.supervisor.probe", "web"]
CMD ["python", "-m", "cms", "web"]
