"""A browser that is killed loses no page, and many pages in a row leave neither memory, processes, descriptors nor files."""
import os, signal, threading, time

from checks import check, many
from pages import page

MEGABYTES = 400


def run(world, wonder):
    page("/steady", "<!doctype html><h1>Steady</h1><p>" + "text of it " * 400 + "<canvas></canvas>")
    address = "http://first.example/steady"
    jobs = [wonder.submit(address, ("pdf", "png")[number % 2], delay=0.3) for number in range(24)]
    killed = 0
    for _ in range(3):
        time.sleep(1)
        for number in wonder.browsers():
            os.kill(number, signal.SIGKILL)
            killed += 1
    made = [wonder.wait(job) for job in jobs]
    lost = [one for one in made if one.data is None]
    check(f"no page of {len(jobs)} is lost with {killed} browsers", killed >= 2 and not lost, lost[:3])

    # One that hangs gets no signal from anybody.
    wonder.make(address)
    stopped = wonder.browsers()
    for number in stopped:
        os.kill(number, signal.SIGSTOP)
    made = many(wonder, [(address, "pdf", {})] * 3)
    lost = [one for one in made if one.data is None]
    check("a browser that hangs is changed for another", stopped and not lost, lost[:3])
    for number in set(stopped) & set(wonder.browsers()):
        os.kill(number, signal.SIGCONT)

    many(wonder, [(address, "pdf", {})] * 4)
    before, counts, most = wonder.descriptors(), len(wonder.descendants()), 0
    over = threading.Event()

    def measure():
        nonlocal most
        while not over.wait(0.25):
            most = max(most, wonder.memory())

    thread = threading.Thread(target=measure)
    thread.start()
    made = many(wonder, [(address, ("pdf", "png")[number % 2], {}) for number in range(104)])
    over.set()
    thread.join()
    lost = [one for one in made if one.data is None]
    check(f"{len(made)} pages in a row", not lost, lost[:3])
    check(f"memory of all processes stays under {MEGABYTES} MB", 50 < most < MEGABYTES, most)
    time.sleep(0.5)
    check("no more processes after them", len(wonder.descendants()) <= counts + 4, (counts, len(wonder.descendants())))
    check("no more descriptors after them", wonder.descriptors() <= before + 4, (before, wonder.descriptors()))
