#!/usr/bin/env python3
"""What a second core brings: the same server and its clients on one core and on two, in turn, beside the bare codecs.

usage: cores.py WONDER FOLDER [ROUNDS] [SECONDS] [PICTURE:CLIENTS ...]

FOLDER holds the pictures. Each server and its clients are bound to their cores (taskset); the limit beside them is the plain
loop of codec.c, which shares nothing, once on one core and twice on two. Printed are the conversions a second and their
ratio: no server can have more than the loop, for two cores of one machine share caches, memory and often one core's parts.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

from through import Wonder, build, end

CORES = {1: "0", 2: "0,1"}


def loops(program, picture, cores, seconds):
    """Pictures a second of the plain loop, once for each core."""
    def run(core, times):
        words = ["taskset", "-c", str(core), program, "png-jpeg", picture, "/dev/null", str(times)]
        return subprocess.Popen(words, stdout=subprocess.DEVNULL)

    began = time.monotonic()
    run(0, 3).wait()
    times = max(3, int(seconds / (time.monotonic() - began) * 3))
    began = time.monotonic()
    for process in [run(core, times) for core in range(cores)]:
        process.wait()
    return times * cores / (time.monotonic() - began)


def main():
    wonder, pictures = os.path.abspath(sys.argv[1]), sys.argv[2]
    numbers = [int(word) for word in sys.argv[3:5]]
    rounds, seconds = numbers + [3, 5][len(numbers):]
    cases = sys.argv[5:] or ["photo12.png:4", "photo2.png:8", "small200.png:32"]
    folder = tempfile.mkdtemp(prefix="wonder-cores-")
    flight, codec = build(folder, "flight"), build(folder, "codec", "-lpng", "-ljpeg")
    servers = {}
    try:
        for count, cores in CORES.items():
            place = os.path.join(folder, str(count))
            os.mkdir(place)
            os.sched_setaffinity(0, {int(core) for core in cores.split(",")})
            servers[count] = Wonder(wonder, place)
        print(f"{rounds} rounds of {seconds} s in turn; load {os.getloadavg()[0]:.1f}")
        for case in cases:
            name, _, clients = case.partition(":")
            picture = os.path.join(pictures, name)
            found = {("wonder", count): [] for count in CORES} | {("loop", count): [] for count in CORES}
            for _ in range(rounds):
                for count, server in servers.items():
                    words = ["taskset", "-c", CORES[count], flight, *server.words, picture, "jpg", clients, str(seconds)]
                    rate, _, _, failures = map(float, subprocess.check_output(words, text=True).split())
                    assert failures == 0, f"{failures:.0f} of {name} failed"
                    found["wonder", count].append(rate)
                    found["loop", count].append(loops(codec, picture, count, seconds))
            medians = {key: statistics.median(rates) for key, rates in found.items()}
            for what in ("wonder", "loop"):
                print(f"{name:14} {what:7} one core {medians[what, 1]:7.1f} a second, two {medians[what, 2]:7.1f}: "
                      f"{medians[what, 2] / medians[what, 1]:.2f}", flush=True)
    finally:
        end(servers.values(), folder)


if __name__ == "__main__":
    main()
