#!/usr/bin/env bash
# Usage: venv.sh LOCK. Makes .venv with a suitable Python and installs what LOCK names, when LOCK changed.
# PYTHON chooses the interpreter.
set -euo pipefail
cd "$(dirname "$0")/../.."
lock=$1

fail() {
    echo "$1" >&2
    exit 2
}

suitable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    local candidate found="" version=""
    for candidate in ${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3}; do
        command -v "$candidate" >/dev/null || continue
        if suitable "$candidate"; then
            found=$candidate
            if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
                echo "$candidate"
                return
            fi
        else
            # A version manager's stub for a version that is not chosen prints nothing.
            version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true)
        fi
    done
    if [ -n "$found" ]; then
        fail "Python trên máy chưa tạo được môi trường ảo: hãy chạy «apt install python3-venv» rồi chạy lại."
    fi
    if [ -n "$version" ]; then
        fail "Kẻng cần Python 3.11 trở lên, máy đang có $version: hãy cài bản mới hơn rồi chạy lại (hoặc chỉ rõ: make PYTHON=/đường/dẫn/python3)."
    fi
    fail "Không tìm thấy Python: hãy chạy «apt install python3 python3-venv» rồi chạy lại (cần Python 3.11 trở lên)."
}

if ! suitable .venv/bin/python; then
    python=$(find_python)
    echo "Tạo môi trường Python trong .venv ($("$python" --version))"
    rm -rf .venv
    "$python" -m venv .venv
fi

# The checkout itself, by two lines instead of a build: warnings/ holds the package scam_warnings.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
printf '%s\n%s\n' "$PWD" "$PWD/warnings" >"$site/keng.pth"

stamp=.venv/.installed-$(basename "$lock")
wanted=$(.venv/bin/python -c 'import hashlib, sys; print(sys.version, hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$lock")
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

total=$(grep -c '^[a-zA-Z0-9].*==' "$lock")
echo "Cài thư viện theo $lock (tối đa $total gói; lần đầu mất khoảng một phút)"
show() {
    local line count=0
    while IFS= read -r line; do
        case $line in
        Collecting*)
            count=$((count + 1))
            if [ -t 1 ]; then
                printf '\r\033[K  %d/%d %s' "$count" "$total" "${line#Collecting }"
            elif [ $((count % 20)) -eq 0 ]; then
                echo "  $count/$total"
            fi
            ;;
        Installing*)
            if [ -t 1 ]; then printf '\r\033[K'; fi
            echo "  đang ghi vào .venv"
            ;;
        esac
    done
}
# The lock is complete, so nothing is left to resolve; Python compiles what it uses when it uses it.
log=.venv/install.log
if ! .venv/bin/python -m pip install --disable-pip-version-check --no-input --progress-bar off \
    --require-hashes --no-deps --no-compile -r "$lock" 2>"$log" | show; then
    tail -n 15 "$log" >&2
    fail "Không cài được thư viện: hãy kiểm tra mạng, xem các dòng phía trên và $log, rồi chạy lại."
fi
echo "$wanted" >"$stamp"
