"""Runs klartext's core and its peers in turns over the same pages and prints the ratios: see `compare`.

Each program is a process of its own that holds the pages in memory, cleans all of them once for each line on its
standard input, and answers with the seconds of CPU time that it took. In every round each has its turn, so that what else the
machine does meets all of them.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import time


def resiliparse():
    from resiliparse.extract.html2text import extract_plain_text

    return lambda page, url: extract_plain_text(page.decode("utf-8", "replace"), main_content=True)


def trafilatura():
    from trafilatura import bare_extraction

    return lambda page, url: bare_extraction(page, url=url, with_metadata=True)


PEERS = {"resiliparse": resiliparse, "trafilatura": trafilatura}


def peer(name, folder):
    """The process of a peer."""
    clean = PEERS[name]()
    urls = (folder / "urls.txt").read_text().split("\n")
    pages = [path.read_bytes() for path in sorted(folder.glob("*.html"))]
    print("ready", len(pages), flush=True)
    for _line in sys.stdin:
        begun = time.process_time()
        for page, url in zip(pages, urls):
            try:
                clean(page, url)
            except Exception:  # a page that a peer cannot read costs it no more
                pass
        print(f"{time.process_time() - begun:.6f}", flush=True)


class Program:
    """A process that cleans all pages on demand."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.n_pages = int(self.process.stdout.readline().split()[1])
        self.seconds = []

    def round(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.seconds.append(float(self.process.stdout.readline()))

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def compare(arguments):
    programs = {"klartext": Program([arguments.core, "rounds"])}
    for name in arguments.peers.split(","):
        programs[name] = Program([sys.executable, __file__, "--peer", name, "--pages", str(arguments.pages)])
    slow = {"trafilatura"}
    for number in range(arguments.rounds + 1):
        for name, program in programs.items():
            # The first round fills caches and is not counted; one round tells enough of what takes twenty times as long.
            if name not in slow or number == 1:
                program.round()
                if number == 0:
                    program.seconds.clear()
    ours = programs["klartext"]
    print(f"{ours.n_pages} pages, {arguments.rounds} rounds, one thread, CPU time")
    print(f"{'':16}{'pages/s':>10}{'best':>10}{'klartext is':>16}")
    for name, program in programs.items():
        per_second = [program.n_pages / seconds for seconds in program.seconds]
        paired = [theirs / own for theirs, own in zip(program.seconds, ours.seconds)]
        ratio = "" if program is ours else f"{statistics.median(paired):.2f} × as fast"
        print(f"{name:16}{statistics.median(per_second):10.0f}{max(per_second):10.0f}{ratio:>16}")
        program.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--core", help="the bench program")
    parser.add_argument("--pages", type=pathlib.Path, required=True, help="folder that it wrote")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--peers", default="resiliparse,trafilatura", help="names, commas between them")
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        peer(arguments.peer, arguments.pages)
    else:
        compare(arguments)


if __name__ == "__main__":
    main()
