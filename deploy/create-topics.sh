#!/usr/bin/env bash
# Creates klartext's topics with the settings it expects. Existing topics stay as they are.
#
#   BOOTSTRAP=kafka:9092 PARTITIONS=12 REPLICATION=3 deploy/create-topics.sh
set -euo pipefail

BOOTSTRAP=${BOOTSTRAP:-localhost:9092}
PARTITIONS=${PARTITIONS:-12}
REPLICATION=${REPLICATION:-3}
# The tool of Apache Kafka; the command may be several words.
read -r -a kafka_topics <<<"${KAFKA_TOPICS:-kafka-topics.sh}"
# Extra arguments for the tool, for example: --command-config client.properties
read -r -a extra <<<"${KAFKA_TOPICS_ARGS:-}"

INPUT=${INPUT:-pages.raw}
OUTPUT=${OUTPUT:-articles.clean}
REJECTED=${REJECTED:-articles.rejected}
DEAD=${DEAD:-articles.dead}

# Raw pages may be large: `limits.document_bytes` is 10 MiB, and headers come on top.
large=$((11 * 1024 * 1024))

create() {
    local topic=$1
    shift
    "${kafka_topics[@]}" --bootstrap-server "$BOOTSTRAP" ${extra[@]+"${extra[@]}"} --create --if-not-exists --topic "$topic" \
        --partitions "$PARTITIONS" --replication-factor "$REPLICATION" "$@"
}

# A write counts when two replicas have it, as far as there are two.
in_sync=$((REPLICATION > 1 ? 2 : 1))

create "$INPUT" --config min.insync.replicas=$in_sync --config max.message.bytes=$large
create "$OUTPUT" --config min.insync.replicas=$in_sync --config max.message.bytes=$((2 * 1024 * 1024))
create "$REJECTED" --config min.insync.replicas=$in_sync
# Dead letters hold the original record whole; keep them long enough for someone to look (30 days).
create "$DEAD" --config min.insync.replicas=$in_sync --config max.message.bytes=$large \
    --config retention.ms=$((30 * 24 * 3600 * 1000))
