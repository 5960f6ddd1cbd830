"""Measures `klartext run` on a real Kafka: see `service`.

A run is a backlog of pages, klartext on it, and a reader of what it commits. The rate is taken between the ends of two
commits, behind a third of the records and behind most of them: start, joining the group and cold caches do not count, nor
does the end, where all is cleaned and the next commit is waited for (half an interval on average, which in a run of seconds
would be some percent). CPU and memory are those of klartext's whole life, as the kernel counts them when it ends; a few
percent of a short run are its start.
"""

import argparse
import collections
import json
import os
import pathlib
import signal
import statistics
import subprocess
import time

Run = collections.namedtuple("Run", "per_second cpu_ms mib")

# Pages of a size that is asked for: so many that a run lasts some seconds, and disk and patience suffice.
BYTES_PER_RUN = 300_000_000
SIZES = [1_000, 10_000, 50_000, 200_000, 1_000_000, 5_000_000, 9_500_000]


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.work = pathlib.Path(arguments.work)
        self.n_topics = 0
        self.inputs = {}
        self.rates = {}

    # ------------------------------------------------------------------------------------------- what is measured

    def pages(self, n_bytes=0):
        """A file of envelopes with pages of that size (0: as they come), and how many they are."""
        n = self.arguments.pages if n_bytes == 0 else max(30, min(20_000, BYTES_PER_RUN // n_bytes))
        n = min(n, self.arguments.pages * 10)
        file = self.work / f"pages-{n_bytes}.jsonl"
        if not file.exists():
            with file.open("wb") as out:
                subprocess.run([self.arguments.helper, "pages", str(n), str(n_bytes)], stdout=out, check=True)
        return file, n

    def input(self, partitions, n_bytes=0):
        """A topic with those pages, and how many they are."""
        file, n = self.pages(n_bytes)
        if (partitions, n_bytes) not in self.inputs:
            topic = self.topics(partitions, "raw")[0]
            self.helper("fill", topic, partitions, file)
            self.inputs[partitions, n_bytes] = topic
        return self.inputs[partitions, n_bytes], n

    def topics(self, partitions, *roles):
        self.n_topics += 1
        names = [f"bench-{self.n_topics}.{role}" for role in roles]
        self.helper("topics", partitions, *names)
        return names

    def files(self, threads):
        """`klartext clean --jsonl` over the same pages."""
        file, n = self.pages()
        command = [self.arguments.program, "clean", "--jsonl", "--threads", str(threads)]
        began = time.perf_counter()
        with file.open("rb") as pages:
            process = subprocess.Popen(
                command, stdin=pages, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            usage = ended(process, 0, 1)  # 1: some of the pages are no articles
        return Run(n / (time.perf_counter() - began), cpu(usage) * 1e3 / n, usage.ru_maxrss / 1024)

    def service(self, threads=1, processes=1, partitions=4, n_bytes=0, delivery="exactly_once"):
        """`klartext run` over a backlog."""
        source, n = self.input(partitions, n_bytes)
        outputs = self.topics(partitions, "clean", "rejected", "dead")
        watch = Watch(self.helper_command("watch", n, *outputs))
        running = [self.start(source, outputs, threads, delivery, at) for at in range(processes)]
        per_second = watch.rate()
        usages = [self.stop(process) for process in running]
        return Run(per_second, sum(map(cpu, usages)) * 1e3 / n, max(u.ru_maxrss for u in usages) / 1024)

    def copy(self, partitions=4):
        """The same records read and written, without klartext."""
        source, n = self.input(partitions)
        (output,) = self.topics(partitions, "copy")
        watch = Watch(self.helper_command("watch", n, output))
        process = subprocess.Popen(self.helper_command("copy", source, output, n))
        per_second = watch.rate()
        usage = ended(process)
        return Run(per_second, cpu(usage) * 1e3 / n, usage.ru_maxrss / 1024)

    def latency(self, per_second, seconds, delivery, partitions=4):
        """Milliseconds from sending a page to reading its article: median, 99 %, longest."""
        file, _ = self.pages()
        source, *outputs = self.topics(partitions, "raw", "clean", "rejected", "dead")
        process = self.start(source, outputs, 1, delivery, 0)
        time.sleep(3)  # to join the group
        load = self.helper(
            "latency", source, partitions, file, f"{per_second:.3f}", seconds, *outputs, capture_output=True
        )
        self.stop(process)
        return [float(number) for number in load.stdout.split()[1:]]

    # ---------------------------------------------------------------------------------------------- how it is done

    def helper_command(self, *arguments):
        return [self.arguments.helper, *map(str, arguments)]

    def helper(self, *arguments, **options):
        return subprocess.run(self.helper_command(*arguments), check=True, text=True, **options)

    def start(self, source, outputs, threads, delivery, number):
        clean, rejected, dead = outputs
        config = {
            "version": 1,
            "delivery": delivery,
            "kafka": {"brokers": os.environ["KLARTEXT_TEST_BROKERS"].split(",")},
            "input": {"topics": [source], "group_id": clean},
            "output": {"topic": clean, "max_bytes": "8MiB"},
            "rejected": {"topic": rejected},
            "dead_letter": {"topic": dead},
            "commit": {"transactional_id": f"{clean}-{number}"},
            "workers": {"threads": threads},
        }
        file = self.work / f"{clean}-{number}.yaml"
        file.write_text(json.dumps(config))  # JSON is YAML
        log = (self.work / f"{clean}-{number}.log").open("wb")
        return subprocess.Popen([self.arguments.program, "run", "--config", file], stderr=log)

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        return ended(process)

    def medians(self, runs):
        """Each run in turns, so that what else the machine does meets all of them; medians by name."""
        results = {name: [] for name in runs}
        for _ in range(self.arguments.rounds):
            for name, run in runs.items():
                results[name].append(run())
        return {name: Run(*map(statistics.median, zip(*of))) for name, of in results.items()}


class Watch:
    """The reader of the output; it is there before anything is."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.line()[0] == "ready"

    def line(self):
        """A word and what follows it: a count, and how long ago the last of the records came."""
        words = self.process.stdout.readline().split()
        assert words, "the reader of the output ended: its message is above"
        return words

    def rate(self):
        moments = []
        while (words := self.line())[0] != "all":
            _, count, ago = words
            moments.append((int(count), time.perf_counter() - float(ago)))
        self.process.wait()
        (n_first, first), (n_last, last) = moments
        return (n_last - n_first) / (last - first)


def ended(process, *good):
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in (good or (0,)), f"{process.args} ended with {process.returncode}"
    return usage


def cpu(usage):
    return usage.ru_utime + usage.ru_stime


def row(name, run, beside=""):
    print(f"{name:34}{run.per_second:10.0f}{run.cpu_ms:12.2f}{run.mib:9.0f}   {beside}", flush=True)


def head(title):
    print(f"\n{title:34}{'pages/s':>10}{'CPU ms/page':>12}{'MiB':>9}", flush=True)


def ratio(run, other, what):
    return f"{run.per_second / other.per_second:.2f} of {what}; CPU {run.cpu_ms / other.cpu_ms:.2f}"


def headline(bench, wanted):
    """Files, both deliveries and the copy, in turns."""
    runs = {}
    if "files" in wanted:
        runs["files"] = lambda: bench.files(1)
        runs["files, 2 threads"] = lambda: bench.files(2)
    runs["exactly once"] = bench.service
    runs["exactly once, 2 threads"] = lambda: bench.service(threads=2)
    if "delivery" in wanted:
        runs["at least once"] = lambda: bench.service(delivery="at_least_once")
    if "copy" in wanted:
        runs["copy"] = bench.copy
    results = bench.medians(runs)
    head(f"one thread, {bench.arguments.pages} pages, 4 partitions")
    ours = results["exactly once"]
    for name, run in results.items():
        of = {"files": "files", "at least once": "at least once", "copy": "the copy"}.get(name)
        row(name, run, f"exactly once is {ratio(ours, run, of)}" if of else "")
    if "files" in wanted:
        both = results["exactly once, 2 threads"], results["files, 2 threads"]
        print(f"{'':68}with 2 threads it is {ratio(*both, 'files')}")
    return ours


def latencies(bench, full):
    rate = full.per_second / 2
    print(f"\nlatency, {rate:.0f} pages/s (half load), ms {'median':>16}{'99 %':>10}{'longest':>10}")
    for delivery in ["exactly_once", "at_least_once"]:
        median, most, longest = bench.latency(rate, bench.arguments.seconds, delivery)
        print(f"{delivery:44}{median:10.0f}{most:10.0f}{longest:10.0f}", flush=True)


def tables(bench):
    head("threads (1 process, 4 partitions)")
    for threads in [1, 2]:
        row(str(threads), bench.service(threads=threads))
    head("processes (1 thread each)")
    for processes in [1, 2, 4]:
        row(str(processes), bench.service(processes=processes))
    head("partitions (1 thread)")
    for partitions in [1, 4, 16, 64]:
        row(str(partitions), bench.service(partitions=partitions))
    head("bytes of a page (1 thread)")
    for n_bytes in SIZES[1::5] if bench.arguments.smoke else SIZES:
        run = bench.service(n_bytes=n_bytes)
        row(f"{n_bytes:,}", run, f"{run.per_second * n_bytes / 1e6:.0f} MB/s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--helper", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--seconds", type=int, default=30, help="of each latency measurement")
    parser.add_argument("--only", default="files,delivery,copy,latency,tables")
    parser.add_argument("--smoke", action="store_true")
    arguments = parser.parse_args()
    if arguments.smoke:
        arguments.rounds, arguments.pages, arguments.seconds = 1, 400, 5
    wanted = arguments.only.split(",")
    bench = Bench(arguments)
    full = headline(bench, wanted) if set(wanted) != {"tables"} else None
    if "latency" in wanted:
        latencies(bench, full)
    if "tables" in wanted:
        tables(bench)


main()
