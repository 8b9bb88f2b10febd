#!/usr/bin/env bash
# Finds a Chromium for the browser tests, or installs Debian's where that is possible.
set -euo pipefail
if [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ]; then exit 0; fi
if command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi 'CJK'; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "installing chromium and a Chinese font for the browser tests"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
  exit 0
fi
echo "The browser tests need Chromium and a Chinese font: install the packages chromium and fonts-noto-cjk," \
  "or name a browser in CHROMIUM." >&2
exit 1
