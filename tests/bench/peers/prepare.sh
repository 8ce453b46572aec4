#!/usr/bin/env bash
# What Relitu is measured against: Debian's programs, and an environment of their own under build/peers. Never fails the
# measuring: what cannot be had is named here, and reported as not measured there.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
peers=$(cd "$here/../../.." && pwd)/build/peers
mkdir -p "$peers"

missing=()
PATH=$PATH:/usr/sbin
command -v nginx >/dev/null || missing+=(nginx-light)
command -v wrk >/dev/null || missing+=(wrk)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
# pygeoapi reads a GeoPackage through GDAL's own bindings, which only Debian has ready-made.
/usr/bin/python3 -c 'import osgeo.ogr, venv, ensurepip' 2>/dev/null || missing+=(python3-gdal python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    # Debian would start nginx on port 80 as it installs it.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
      trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    apt-get update -qq
    for package in "${missing[@]}"; do
      apt-get install -y -qq --no-install-recommends "$package" >/dev/null || echo "not installed: $package"
    done
  else
    echo "Not measured against without: ${missing[*]}. To have them: sudo apt-get install ${missing[*]}"
    echo "缺少 ${missing[*]}，相应的对比将不测量。如需对比：sudo apt-get install ${missing[*]}"
  fi
fi

wanted=$(cat "$here/requirements.lock" "$here/package-lock.json" | sha256sum)
[ "$(cat "$peers/installed" 2>/dev/null)" = "$wanted" ] && exit 0
whole=true
# Debian's Python, for GDAL's bindings; any other does for all but the GeoPackage.
python=/usr/bin/python3
"$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || python=python3
{ rm -rf "$peers/venv" && "$python" -m venv --system-site-packages "$peers/venv" &&
  "$peers/venv/bin/python" -m pip --disable-pip-version-check install --quiet --require-hashes -r "$here/requirements.lock"; } ||
  { echo "not installed: tipg and pygeoapi (see above)"; whole=false; }
mkdir -p "$peers/node" && cp "$here/package.json" "$here/package-lock.json" "$peers/node/"
npm ci --prefix "$peers/node" --no-audit --no-fund --loglevel=error || { echo "not installed: supercluster (see above)"; whole=false; }
[ "$whole" = true ] && printf '%s' "$wanted" >"$peers/installed"
exit 0
