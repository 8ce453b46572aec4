#!/usr/bin/env bash
# The browser tests need Chromium and a font with Chinese characters; install them where that is allowed, else say what to do.
set -euo pipefail
missing=()
command -v chromium >/dev/null || missing+=(chromium)
fc-list :lang=zh 2>/dev/null | grep -q . || missing+=(fonts-noto-cjk fontconfig)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "The browser tests need: ${missing[*]}. Run: sudo apt-get install ${missing[*]}"
  echo "浏览器测试需要：${missing[*]}。请运行：sudo apt-get install ${missing[*]}"
  exit 1
fi
