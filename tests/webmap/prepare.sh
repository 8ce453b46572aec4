#!/usr/bin/env bash
# The tests of the open service read it with GDAL's own program too; install it where that is allowed, else say what to do.
set -euo pipefail
command -v ogrinfo >/dev/null && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends gdal-bin >/dev/null
elif [ "${CI:-}" = true ]; then
  echo "The tests of the open service need: gdal-bin."
  exit 1
else
  echo "The test by ogrinfo is skipped without gdal-bin. To run it: sudo apt-get install gdal-bin"
  echo "缺少 gdal-bin，ogrinfo 测试将跳过。如需运行：sudo apt-get install gdal-bin"
fi
