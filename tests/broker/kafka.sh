#!/usr/bin/env bash
# A real Apache Kafka (KRaft) on this machine, for the broker tests and for trying things by hand.
#
# Needs bash, Java 17 or newer and Maven. Kafka itself comes from Maven Central, once, into a cache outside the
# repository. The brokers listen on 127.0.0.1 only; their data is thrown away by `stop`.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: tests/broker/kafka.sh COMMAND

  start [--brokers N]   start a cluster of N brokers (default 1) and wait until it is ready
  stop                  end the cluster and delete its data
  status                which brokers run, and where
  env                   print `export KLARTEXT_TEST_BROKERS=…` (use: eval "$(tests/broker/kafka.sh env)")
  stop-broker N         stop broker N in order (controlled shutdown)
  kill-broker N         stop broker N with SIGKILL
  start-broker N        start broker N again, on its old data
  tool NAME [ARGS…]     Kafka's own tools: topics, console-consumer, console-producer, consumer-groups, configs,
                        transactions, get-offsets, dump-log, groups, broker-api-versions, or a Java class name;
                        --bootstrap-server is added where it is missing
  fetch                 only download Kafka into the cache

environment:
  KLARTEXT_KAFKA_CACHE  where the downloaded jars live     (default: ${XDG_CACHE_HOME:-~/.cache}/klartext/kafka-VERSION)
  KLARTEXT_KAFKA_DIR    data, logs and settings of this cluster                    (default: target/kafka)
  KLARTEXT_KAFKA_HEAP   heap of each broker                                         (default: 512m)
  KLARTEXT_KAFKA_PORT   first port to try; each broker takes two                    (default: 29092)
  KLARTEXT_KAFKA_SETTINGS   file of settings that are laid over those of every broker   (default: none)
  KLARTEXT_KAFKA_LISTENERS  more listeners of the first broker, `NAME://127.0.0.1:PORT,…`  (default: none)
  KLARTEXT_KAFKA_MAX_FILE   largest file a broker may write, KiB: past it writes fail as on a full disk (default: none)
TEXT
}

# 4.3.1 is the newest release of which Maven Central has both the broker and its tools.
readonly KAFKA_VERSION=4.3.1
readonly SCALA_VERSION=2.13
# The version kafka-server asks for; the binding for its slf4j 1.7 must match it.
readonly LOG4J_VERSION=2.25.5
readonly COPY_DEPENDENCIES=org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies
# StorageTool wants 16 random bytes in base64url; a fixed id is fine for data that never meets another cluster.
readonly CLUSTER_ID=a2xhcnRleHQta2Fma2EtMQ
readonly READY_SECONDS=120

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${KLARTEXT_KAFKA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/klartext/kafka-$KAFKA_VERSION}
home=${KLARTEXT_KAFKA_DIR:-$repository/target/kafka}
heap=${KLARTEXT_KAFKA_HEAP:-512m}
first_port=${KLARTEXT_KAFKA_PORT:-29092}
more_settings=${KLARTEXT_KAFKA_SETTINGS:-}
more_listeners=${KLARTEXT_KAFKA_LISTENERS:-}
max_file=${KLARTEXT_KAFKA_MAX_FILE:-}

fail() {
    echo "kafka.sh: $*" >&2
    exit 1
}

need() {
    command -v "$1" >/dev/null || fail "\`$1\` is not installed; $2"
}

java_is_new_enough() {
    local version
    version=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/.*java\.specification\.version = //p')
    [ "${version%%.*}" -ge 17 ] 2>/dev/null || fail "Kafka $KAFKA_VERSION needs Java 17 or newer; \`java\` is ${version:-of unknown version}"
}

# ---------------------------------------------------------------------------------------------- the download

# Several calls at once are fine: each downloads beside the cache, and the first to finish renames its folder into place.
fetch() {
    [ -d "$cache/libs" ] && return
    need mvn "it downloads Kafka (Debian: apt-get install maven)"
    need java "Kafka runs on it (Debian: apt-get install openjdk-17-jre-headless)"
    echo "kafka.sh: downloading Apache Kafka $KAFKA_VERSION into $cache" >&2
    mkdir -p "$(dirname "$cache")"
    local fresh
    fresh=$(mktemp -d "$cache.download.XXXXXX")
    write_pom >"$fresh/pom.xml"
    # One more try: a registry answers with an error now and then, and Maven does not ask again by itself.
    download "$fresh" || download "$fresh" || {
        rm -rf "$fresh"
        fail "Maven could not download Kafka; its messages are above"
    }
    [ -d "$cache" ] || mv "$fresh" "$cache" 2>/dev/null || true
    # Where another call was faster by a hair, mv has put ours into its folder.
    rm -rf "$fresh" "${cache:?}/$(basename "$fresh")"
}

download() {
    mvn -B -q -f "$1/pom.xml" "$COPY_DEPENDENCIES" -DincludeScope=runtime -DoutputDirectory="$1/libs" >&2
}

# Kafka's tools bring in all of Kafka Connect with a web server, for one command that nobody needs here.
write_pom() {
    cat <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>klartext.test</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_$SCALA_VERSION</artifactId><version>$KAFKA_VERSION</version>
    </dependency>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>$KAFKA_VERSION</version>
      <exclusions>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>connect-api</artifactId></exclusion>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId></exclusion>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>connect-runtime</artifactId></exclusion>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>connect-transforms</artifactId></exclusion>
      </exclusions>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>$LOG4J_VERSION</version>
    </dependency>
  </dependencies>
</project>
XML
}

# ---------------------------------------------------------------------------------------------- the brokers

# A JVM that starts fast and stays small, rather than one that is fast after minutes.
run_java() {
    java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlog4j2.configurationFile="$home/log4j2.yaml" \
        "-Dklartext.kafka=$home" -cp "$cache/libs/*" "$@"
}

write_logging() {
    cat >"$home/log4j2.yaml" <<'YAML'
Configuration:
  status: warn
  Appenders:
    Console:
      name: STDOUT
      target: ${sys:klartext.log.target:-SYSTEM_OUT}
      PatternLayout:
        pattern: "[%d] %p %m (%c)%n"
  Loggers:
    Root:
      level: ${sys:klartext.log.level:-INFO}
      AppenderRef:
        - ref: STDOUT
YAML
}

port_is_free() {
    ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Two ports a broker, all free: prints the first of the row.
free_ports() {
    local wanted=$1 port=$first_port try idx free
    for try in $(seq 200); do
        free=true
        for ((idx = 0; idx < 2 * wanted; idx++)); do
            port_is_free $((port + idx)) || { free=false && break; }
        done
        "$free" && echo "$port" && return
        port=$((first_port + 10 * try))
    done
    fail "no free ports from $first_port on"
}

write_settings() {
    local id=$1 brokers=$2 port=$3 voters=$4
    # A transaction or an offset survives the loss of one broker of three; with fewer there is only one copy.
    local copies=1 in_sync=1
    if [ "$brokers" -ge 3 ]; then copies=3 in_sync=2; fi
    local listeners=PLAINTEXT://127.0.0.1:$port
    if [ "$id" = 1 ] && [ -n "$more_listeners" ]; then listeners+=,$more_listeners; fi
    cat >"$home/broker-$id.properties" <<TEXT
process.roles=broker,controller
node.id=$id
controller.quorum.voters=$voters
controller.listener.names=CONTROLLER
listeners=$listeners,CONTROLLER://127.0.0.1:$((port + 1))
advertised.listeners=$listeners
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$home/data-$id

auto.create.topics.enable=false
num.partitions=1
default.replication.factor=$copies
min.insync.replicas=$in_sync
offsets.topic.replication.factor=$copies
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=$copies
transaction.state.log.min.isr=$in_sync
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=$copies
share.coordinator.state.topic.min.isr=$in_sync

# Tests should not wait: a group forms at once, a dead transaction ends soon after its timeout, and members of the
# new group protocol (KIP-848) hear of a rebalance within a second.
group.initial.rebalance.delay.ms=0
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
group.consumer.min.heartbeat.interval.ms=500
group.consumer.heartbeat.interval.ms=1000
group.consumer.min.session.timeout.ms=6000
group.consumer.session.timeout.ms=10000

num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=16777216
TEXT
    # Of a setting that is there twice, Java takes the last.
    if [ -n "$more_settings" ]; then cat "$more_settings" >>"$home/broker-$id.properties"; fi
}

bootstrap() {
    cat "$home/bootstrap" 2>/dev/null || fail "no cluster in $home; start one with: tests/broker/kafka.sh start"
}

# The process id of a broker, if it lives and is ours (a number in a file may by now be another's).
pid_of() {
    local pid
    pid=$(cat "$home/broker-$1.pid" 2>/dev/null) || return 1
    ps -o command= -p "$pid" 2>/dev/null | grep -qF -e "-Dklartext.kafka=$home " || return 1
    echo "$pid"
}

broker_ids() {
    find "$home" -maxdepth 1 -name 'broker-*.properties' 2>/dev/null | sed 's/.*broker-\([0-9]*\)\.properties$/\1/' | sort -n
}

exists() {
    [ -f "$home/broker-$1.properties" ] || fail "there is no broker $1 in $home"
}

launch() {
    local id=$1
    # nohup, so that it outlives the shell that started it. Java ignores the signal that comes with the limit, and sees a
    # write that fails.
    (
        if [ -n "$max_file" ]; then ulimit -f "$max_file"; fi
        exec nohup java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "-Xmx$heap" \
            -Dlog4j2.configurationFile="$home/log4j2.yaml" "-Dklartext.kafka=$home" -cp "$cache/libs/*" \
            kafka.Kafka "$home/broker-$id.properties" >"$home/broker-$id.log" 2>&1 </dev/null
    ) &
    echo $! >"$home/broker-$id.pid"
}

wait_until_ready() {
    local id=$1 deadline=$((SECONDS + READY_SECONDS))
    # The broker says so once the controller has let it in; an open port alone means less.
    until grep -qs 'Kafka Server started' "$home/broker-$id.log"; do
        pid_of "$id" >/dev/null || { show_log "$id" && fail "broker $id ended; the end of its log is above"; }
        [ "$SECONDS" -lt "$deadline" ] || { show_log "$id" && fail "broker $id is not ready after $READY_SECONDS s"; }
        sleep 0.2
    done
}

show_log() {
    echo "--- the end of $home/broker-$1.log" >&2
    tail -n 40 "$home/broker-$1.log" >&2 || true
}

end_process() {
    local id=$1 signal=$2 pid
    pid=$(pid_of "$id") || return 0
    kill "-$signal" "$pid" 2>/dev/null || true
    local deadline=$((SECONDS + 60))
    while pid_of "$id" >/dev/null; do
        if [ "$SECONDS" -ge "$deadline" ]; then kill -KILL "$pid" 2>/dev/null || true; fi
        sleep 0.1
    done
    rm -f "$home/broker-$id.pid"
}

# ---------------------------------------------------------------------------------------------- the commands

start() {
    local brokers=1 id
    while [ $# -gt 0 ]; do
        case $1 in
            --brokers) brokers=${2:-} && shift 2 ;;
            --brokers=*) brokers=${1#*=} && shift ;;
            *) fail "start: unknown argument \`$1\`" ;;
        esac
    done
    [[ $brokers =~ ^[1-9]$ ]] || fail "start: --brokers takes a number from 1 to 9"
    need java "Kafka runs on it (Debian: apt-get install openjdk-17-jre-headless)"
    java_is_new_enough
    for id in $(broker_ids); do
        if pid_of "$id" >/dev/null; then fail "a cluster already runs in $home ($(bootstrap)); stop it first"; fi
    done
    fetch
    clear_home
    mkdir -p "$home"
    write_logging
    configure "$brokers"
    format "$brokers"
    for ((id = 1; id <= brokers; id++)); do launch "$id"; done
    for ((id = 1; id <= brokers; id++)); do wait_until_ready "$id"; done
    echo "kafka.sh: Apache Kafka $KAFKA_VERSION is ready, $brokers broker(s): $(bootstrap)" >&2
}

configure() {
    local brokers=$1 base id voters='' servers=''
    base=$(free_ports "$brokers")
    for ((id = 1; id <= brokers; id++)); do
        servers+="${servers:+,}127.0.0.1:$((base + 2 * (id - 1)))"
        voters+="${voters:+,}$id@127.0.0.1:$((base + 2 * (id - 1) + 1))"
    done
    for ((id = 1; id <= brokers; id++)); do
        write_settings "$id" "$brokers" $((base + 2 * (id - 1))) "$voters"
    done
    echo "$servers" >"$home/bootstrap"
}

format() {
    local id
    for ((id = 1; id <= $1; id++)); do
        run_java -Dklartext.log.level=WARN kafka.tools.StorageTool format --cluster-id "$CLUSTER_ID" \
            --config "$home/broker-$id.properties" >"$home/format-$id.log" 2>&1 || {
            cat "$home/format-$id.log" >&2
            fail "the storage of broker $id could not be formatted; the reason is above"
        }
    done
}

stop() {
    local id
    # The data goes too, so there is nothing to shut down in order.
    for id in $(broker_ids); do end_process "$id" KILL; done
    clear_home
}

# Only what this script writes: the folder may be one the caller keeps other things in.
clear_home() {
    rm -rf "$home"/data-[0-9]* "$home"/broker-[0-9]*.{properties,pid,log} "$home"/format-[0-9]*.log \
        "$home/bootstrap" "$home/log4j2.yaml"
    rmdir "$home" 2>/dev/null || true
}

status() {
    local id pid running=0
    for id in $(broker_ids); do
        if pid=$(pid_of "$id"); then
            running=$((running + 1))
            echo "broker $id: running, process $pid, log $home/broker-$id.log"
        else
            echo "broker $id: stopped"
        fi
    done
    [ "$running" -gt 0 ] || { echo "no broker runs in $home" && exit 1; }
    echo "bootstrap: $(bootstrap)"
}

start_broker() {
    exists "$1"
    if pid_of "$1" >/dev/null; then fail "broker $1 already runs"; fi
    launch "$1"
    wait_until_ready "$1"
}

tool() {
    local name=${1:-}
    [ -n "$name" ] || fail "tool: which one? See --help"
    shift
    local class
    case $name in
        topics) class=org.apache.kafka.tools.TopicCommand ;;
        console-consumer) class=org.apache.kafka.tools.consumer.ConsoleConsumer ;;
        console-producer) class=org.apache.kafka.tools.ConsoleProducer ;;
        consumer-groups) class=org.apache.kafka.tools.consumer.group.ConsumerGroupCommand ;;
        configs) class=kafka.admin.ConfigCommand ;;
        transactions) class=org.apache.kafka.tools.TransactionsCommand ;;
        get-offsets) class=org.apache.kafka.tools.GetOffsetShell ;;
        groups) class=org.apache.kafka.tools.GroupsCommand ;;
        broker-api-versions) class=org.apache.kafka.tools.BrokerApiVersionsCommand ;;
        dump-log) class=org.apache.kafka.tools.DumpLogSegments ;;
        *.*) class=$name ;;
        *) fail "tool: \`$name\` is not known; see --help" ;;
    esac
    fetch
    local with_bootstrap=()
    if [ "$name" != dump-log ] && [[ " $* " != *" --bootstrap-server"* ]]; then
        with_bootstrap=(--bootstrap-server "$(bootstrap)")
    fi
    run_java -Xmx256m -Dklartext.log.level=WARN -Dklartext.log.target=SYSTEM_ERR "$class" \
        ${with_bootstrap[@]+"${with_bootstrap[@]}"} "$@"
}

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
    start) start "$@" ;;
    stop) stop ;;
    status) status ;;
    env) echo "export KLARTEXT_TEST_BROKERS=$(bootstrap)" ;;
    stop-broker) exists "${1:-}" && end_process "$1" TERM ;;
    kill-broker) exists "${1:-}" && end_process "$1" KILL ;;
    start-broker) start_broker "${1:-}" ;;
    tool) tool "$@" ;;
    fetch) fetch ;;
    -h | --help | help) usage ;;
    *) usage >&2 && exit 64 ;;
esac
