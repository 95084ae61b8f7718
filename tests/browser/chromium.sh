#!/bin/sh
# Browser tests need Chromium. Where it can be installed it is; where not, they skip, and this says so.
set -u
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
run=""
[ "$(id -u)" -eq 0 ] || run="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $run true 2>/dev/null; then
  echo "Installing Chromium for the browser tests ..."
  $run apt-get update -qq && $run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "=================================================================="
echo " No Chromium and no way to install it: THE BROWSER TESTS ARE SKIPPED"
echo "=================================================================="
exit 0
