"""Lines that say what holds, and what is asked of many pages at once."""
import time

failed = 0
count = 0


def check(name, holds, shown=""):
    global failed, count
    failed += not holds
    count += 1
    print("ok  " if holds else "FAIL", name, "" if holds else shown, flush=True)


def many(wonder, orders, limit=700):
    """Gives all orders, each (source, to, options) or with a form in front of the options, and then waits for each."""
    jobs = []
    for order in orders:
        source, to, *form, options = order
        jobs.append(wonder.submit(source, to, *form, **options))
    return [wonder.wait(job, limit) for job in jobs]


class Timer:
    def __init__(self):
        self.begin = time.monotonic()

    @property
    def seconds(self):
        return time.monotonic() - self.begin
