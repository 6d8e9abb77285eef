#!/usr/bin/env python3
"""How long one large picture takes on an idle server, with its second thread and without.

usage: alone.py WONDER FOLDER [ROUNDS] [SECONDS] [PICTURE:FORMAT ...]

FOLDER holds the pictures. Two servers of the same program run, one with WONDER_THREADS=1, and have one client in turn,
which submits a picture, waits for "completed" on the event stream, downloads the result and submits the next.
"""

import os
import statistics
import subprocess
import sys
import tempfile

from through import Wonder, build, end, processor


def main():
    wonder, pictures = os.path.abspath(sys.argv[1]), sys.argv[2]
    numbers = [int(word) for word in sys.argv[3:5]]
    rounds, seconds = numbers + [5, 3][len(numbers):]
    cases = sys.argv[5:] or ["photo12.png:jpg", "photo12.jpg:png", "photo12.png:png", "photo12.jpg:jpg", "photo2.png:jpg"]
    folder = tempfile.mkdtemp(prefix="wonder-alone-")
    flight = build(folder, "flight")
    servers = {}
    for threads in (1, 2):
        place = os.path.join(folder, str(threads))
        os.mkdir(place)
        server = Wonder(wonder, place, dict(os.environ, WONDER_THREADS=str(threads)))
        servers[threads] = server.used("wonder by events", "wonder")
    try:
        print(f"one client, {rounds} rounds of {seconds} s in turn; load {os.getloadavg()[0]:.1f}")
        for case in cases:
            picture, _, target = case.partition(":")
            results = {threads: [] for threads in servers}
            for _ in range(rounds):
                for threads, server in servers.items():
                    before = processor(server.process.pid)
                    words = [flight, *server.words, os.path.join(pictures, picture), target, "1", str(seconds)]
                    rate, median, _, failures = map(float, subprocess.check_output(words, text=True).split())
                    each = (processor(server.process.pid) - before) / max(1, rate * seconds)
                    results[threads].append((median, each, failures))
            medians = {threads: statistics.median(run[0] for run in runs) for threads, runs in results.items()}
            for threads, runs in results.items():
                times, each, failures = zip(*runs)
                ratio = f"  {medians[2] / medians[1]:.2f}" if threads == 2 else ""
                print(f"{case:16} {threads} thread{'s' * (threads > 1):1}  until completed {medians[threads]:7.1f} ms "
                      f"[{min(times):.1f}-{max(times):.1f}]  {statistics.median(each):6.1f} ms of processor  "
                      f"{sum(failures):.0f} failed{ratio}", flush=True)
    finally:
        end(servers.values(), folder)


if __name__ == "__main__":
    main()
