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

# A file as a JSON string, without its quotes.
escaped() {
    awk '{ gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); gsub(/\t/, "\\t"); gsub(/\r/, "\\r"); printf "%s\\n", $0 }' "$1"
}

# Key and envelope; a page of JSON is an envelope already.
records() {
    local file name
    for file in "$SAMPLES"/*; do
        name=$(basename "$file")
        case $name in
            *.html) printf '%s\t{"url": "https://www.kuestenbote.example/%s", "html": "%s"}\n' "$name" "$name" "$(escaped "$file")" ;;
            *.txt) printf '%s\t{"url": "https://www.kuestenbote.example/%s", "text": "%s"}\n' "$name" "$name" "$(escaped "$file")" ;;
            *.json) printf '%s\t%s\n' "$name" "$(tr '\n' ' ' <"$file")" ;;
        esac
    done
}

# The command may be several words.
read -r -a producer <<<"$KAFKA_PRODUCER"
records | "${producer[@]}" --bootstrap-server "$BOOTSTRAP" --topic "$TOPIC" \
    --reader-property parse.key=true --reader-property key.separator=$'\t'
echo "sent the pages of $SAMPLES to $TOPIC" >&2
