#!/usr/bin/env python3
"""How long a small picture takes while the same workspace has large ones in flight.

usage: beside.py WONDER FOLDER [ROUNDS] [SECONDS] [LARGE] [SMALL]

LARGE photographs of 12 megapixels (16) are kept in flight by one client program, SMALL of the 200 x 200 ones (1) by
another. Prints the rates of both and the time from a small one's submission to "completed".
"""

import os
import statistics
import subprocess
import sys
import tempfile

from through import Wonder, build, end


def main():
    wonder, pictures = os.path.abspath(sys.argv[1]), sys.argv[2]
    numbers = [int(word) for word in sys.argv[3:7]]
    rounds, seconds, large, small = numbers + [3, 8, 16, 1][len(numbers):]
    folder = tempfile.mkdtemp(prefix="wonder-beside-")
    flight = build(folder, "flight")
    server = Wonder(wonder, folder)

    def start(picture, clients):
        words = [flight, *server.words, os.path.join(pictures, picture), "jpg", str(clients), str(seconds)]
        return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)

    try:
        print(f"{large} large and {small} small in flight, {rounds} rounds of {seconds} s; load {os.getloadavg()[0]:.1f}")
        results = []
        for _ in range(rounds):
            runners = [start("photo12.png", large), start("small200.png", small)]
            results.append([[float(word) for word in runner.communicate()[0].split()] for runner in runners])
        for name, runs in zip(["12 megapixels", "200 x 200"], zip(*results)):
            rate, median, slow, failures = zip(*runs)
            print(f"{name:13} {statistics.median(rate):7.1f}/s  until completed p50 {statistics.median(median):.1f}"
                  f" p99 {statistics.median(slow):.1f} ms  {sum(failures):.0f} failed")
    finally:
        end([server], folder)


if __name__ == "__main__":
    main()
