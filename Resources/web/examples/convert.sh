#!/bin/sh
# Converts a picture: sends it, waits for the job, saves the result. Needs curl and jq.
set -eu
server=${WONDER_URL:-http://127.0.0.1:8080}

job=$(curl -sS --fail-with-body "$server/api/v1/jobs" -H "X-API-Key: $WONDER_KEY" \
  -F conversion_type=image -F from=png -F to=jpg -F "options[quality]=80" -F "files[]=@photo.png" | jq -r .request_id)

while :; do
  answer=$(curl -sS --fail-with-body "$server/api/v1/jobs/$job" -H "X-API-Key: $WONDER_KEY")
  case $(echo "$answer" | jq -r .job.status) in
    completed) break ;;
    failed | canceled) echo "$answer" | jq -r .job.error_message >&2; exit 1 ;;
  esac
  sleep 1
done

curl -sS --fail -o photo.jpg "$(echo "$answer" | jq -r '.outputs[0].download_url')"
echo "saved photo.jpg"
