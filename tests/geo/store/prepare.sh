#!/usr/bin/env bash
# The store's tests need PostgreSQL's programs and PostGIS; install them where that is allowed, else say what to do.
# The tests start a server of their own: none has to run, and one that runs is left alone.
set -euo pipefail
missing=()
{ command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb'; } >/dev/null || missing+=(postgresql)
compgen -G '/usr/share/postgresql/*/extension/postgis.control' >/dev/null || missing+=(postgresql-postgis)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
elif [ "${CI:-}" = true ]; then
  echo "The store's tests need: ${missing[*]}."
  exit 1
else
  echo "The store's tests on PostgreSQL are skipped without: ${missing[*]}. To run them: sudo apt-get install ${missing[*]}"
  echo "缺少 ${missing[*]}，PostgreSQL 上的存储测试将跳过。如需运行：sudo apt-get install ${missing[*]}"
fi
