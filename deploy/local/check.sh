#!/usr/bin/env bash
# Django's own deployment checks on the production settings, and: does any model lack its migration?
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export VAR_DIR=$folder
(
    set -a
    . deploy/local/dummy-production.env
    .venv/bin/python manage.py check --deploy --fail-level WARNING
)
# Also the comparison with the migrations needs no server, but a database that can be opened.
DJANGO_SETTINGS_MODULE=cms.settings.embedded .venv/bin/python manage.py makemigrations --check --dry-run
