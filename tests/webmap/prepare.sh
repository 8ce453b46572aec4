#!/usr/bin/env bash
# The tests of the open service read it with GDAL's own program and, in CI, with QGIS: install them where that is allowed,
# else say what to do. ogctests gets an environment of its own under build/.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
own=$(cd "$here/../.." && pwd)/build/ogctests
wanted=$(sha256sum <"$here/ogctests/requirements.lock")
if [ "$(cat "$own/installed" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$own" && mkdir -p "$own"
  "${PYTHON:-python3}" -m venv "$own"
  "$own/bin/python" -m pip --disable-pip-version-check install --quiet --require-hashes -r "$here/ogctests/requirements.lock"
  printf '%s' "$wanted" >"$own/installed"
fi
missing=()
command -v ogrinfo >/dev/null || missing+=(gdal-bin)
# QGIS brings 170 packages (100 MB): elsewhere whoever wants its test installs it.
if [ "${CI:-}" = true ]; then /usr/bin/python3 -c 'import qgis.core' 2>/dev/null || missing+=(python3-qgis); fi
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
elif [ "${CI:-}" = true ]; then
  echo "The tests of the open service need: ${missing[*]}."
  exit 1
else
  echo "Tests of the open service are skipped without: ${missing[*]}. To run them: sudo apt-get install ${missing[*]} python3-qgis"
  echo "缺少 ${missing[*]}，开放数据服务的部分测试将跳过。如需运行：sudo apt-get install ${missing[*]} python3-qgis"
fi
