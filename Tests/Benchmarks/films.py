#!/usr/bin/env python3
"""How long a small picture takes beside films of the same workspace, against a machine without.

usage: films.py WONDER FILM PICTURE [FILMS] [ROUNDS] [SECONDS]

FILMS (20) copies of FILM to WebM are submitted, and while they wait or run PNG to JPEG is asked for at once, one after the
other; before and after that the same with nothing else, in ROUNDS (3) turns.
"""

import os
import shutil
import signal
import statistics
import sys
import tempfile
import time

from office import submit
from through import Wonder


def pictures(server, picture, seconds):
    end, times = time.monotonic() + seconds, []
    while time.monotonic() < end:
        times.append(submit(server, server.key, "png", "jpg", picture, kind="image")[0])
    return times


def main():
    program = os.path.abspath(sys.argv[1])
    film, picture = (open(path, "rb").read() for path in sys.argv[2:4])
    numbers = [int(word) for word in sys.argv[4:7]]
    films, rounds, seconds = numbers + [20, 3, 8][len(numbers):]
    print(f"load {os.getloadavg()[0]:.1f}")
    for _ in range(rounds):
        folder = tempfile.mkdtemp(prefix="wonder-films-")
        server = Wonder(program, folder)
        try:
            time.sleep(15)  # Programs are tried at the start.
            alone = pictures(server, picture, seconds)
            for _ in range(films):
                submit(server, server.key, "mp4", "webm", film, kind="video", waits=False)
            time.sleep(1)
            beside = pictures(server, picture, seconds)
            first, second = statistics.median(alone) * 1000, statistics.median(beside) * 1000
            print(f"alone p50 {first:.1f} ms, beside {films} films p50 {second:.1f} ms, {second / first:.2f};"
                  f" load {os.getloadavg()[0]:.1f}", flush=True)
        finally:
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
