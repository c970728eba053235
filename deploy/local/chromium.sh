#!/usr/bin/env bash
# Prints the path of a Chromium for the browser tests; installs one where it may. Prints nothing when there is none.
# CHROMIUM names it. With CI=true its absence is an error.
set -euo pipefail

find_it() {
    local name
    for name in ${CHROMIUM:-chromium chromium-browser google-chrome google-chrome-stable}; do
        if command -v "$name"; then return; fi
    done
    return 1
}

find_it && exit 0
if [ -z "${CHROMIUM:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Không thấy Chromium: cài bằng apt-get để chạy kiểm thử trình duyệt (vài phút)" >&2
    if DEBIAN_FRONTEND=noninteractive timeout 240 apt-get update -qq >&2 </dev/null &&
        DEBIAN_FRONTEND=noninteractive timeout 480 apt-get install -qq -y --no-install-recommends chromium >&2 </dev/null; then
        find_it && exit 0
    fi
fi
if [ "${CI:-}" = true ]; then
    echo "Không có Chromium: trên CI đây là lỗi, vì kiểm thử trình duyệt không được bỏ qua." >&2
    exit 1
fi
