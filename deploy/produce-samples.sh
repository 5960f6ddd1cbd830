#!/usr/bin/env bash
# Sends the sample pages of config/demo to a topic, as JSON envelopes, one record a page.
#
#   BOOTSTRAP=kafka:9092 TOPIC=pages.raw deploy/produce-samples.sh
set -euo pipefail

BOOTSTRAP=${BOOTSTRAP:-localhost:9092}
TOPIC=${TOPIC:-pages.raw}
SAMPLES=${SAMPLES:-$(dirname "${BASH_SOURCE[0]}")/../config/demo}
# The console producer of Apache Kafka. It makes a record of each line.
KAFKA_PRODUCER=${KAFKA_PRODUCER:-kafka-console-producer.sh}

# Key and envelope of a page, its bytes as they were served: not every page is UTF-8.
envelope() {
    local name=$1 type=$2 file=$3
    printf '%s\t{"url": "https://www.kuestenbote.example/%s", "content_type": "%s", "body_base64": "%s"}\n' \
        "$name" "$name" "$type" "$(base64 <"$file" | tr -d '\n')"
}

records() {
    local file name
    for file in "$SAMPLES"/*; do
        name=$(basename "$file")
        case $name in
            *.html) envelope "$name" text/html "$file" ;;
            *.txt) envelope "$name" text/plain "$file" ;;
            # Envelopes already.
            *.json) printf '%s\t%s\n' "$name" "$(tr '\n' ' ' <"$file")" ;;
        esac
    done
}

# The command may be several words.
read -r -a producer <<<"$KAFKA_PRODUCER"
records | "${producer[@]}" --bootstrap-server "$BOOTSTRAP" --topic "$TOPIC" \
    --reader-property parse.key=true --reader-property key.separator=$'\t'
echo "sent the pages of $SAMPLES to $TOPIC" >&2
