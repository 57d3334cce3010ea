#!/usr/bin/env bash
# Clean crawls with curl and jq: pipeline.sh URL crawl.ndjson... > clean.ndjson 2> problems.ndjson
#
# Each file is one request: at most 64 MiB (`split -l 1000` cuts larger ones). The exit status is 1 if
# an article could not be cleaned; its problem is on standard error with the file and its index among the lines that are
# not blank, from 0.
set -euo pipefail

url=$1
shift
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
status=0

for file in "$@"; do
  # 503 and refused connections are tried again: nothing is kept by the service, so nothing is done twice.
  gzip -c "$file" | curl --silent --show-error --fail-with-body --retry 5 --retry-connrefused --compressed \
    -H 'Content-Type: application/x-ndjson' -H 'Content-Encoding: gzip' -H 'Accept: application/x-ndjson' \
    --data-binary @- --output "$answer" "$url/v1/articles/batch?changes=none" || { cat "$answer" >&2; exit 2; }
  jq -c '.article // empty' "$answer"
  problems=$(jq -c --arg input "$file" 'select(.problem) | {input: $input, index} + .problem' "$answer")
  if [ -n "$problems" ]; then
    printf '%s\n' "$problems" >&2
    status=1
  fi
done
exit "$status"
