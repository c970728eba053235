#!/usr/bin/env bash
# Builds the wheel into a temporary folder (or into $1) and checks what is in it.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${1:-}
if [ -z "$folder" ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
fi
.venv/bin/python -m build --wheel --no-isolation --outdir "$folder" . >"$folder/build.log" 2>&1 || {
    cat "$folder/build.log" >&2
    exit 1
}
.venv/bin/python deploy/local/wheel_content.py "$folder"/keng-*.whl
