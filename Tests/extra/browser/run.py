"""Pages that are wild, broken, wrong or large, opened by the built program: where they may go, how they end, what they
look like. All of it is in a network of its own, on servers of its own.

usage: run.py WONDER [--tries N] [TOPIC...]

Prints a line for each check and exits 1 when one fails. `--tries` is how often pages try to get to networks inside (1000;
by hand 10000). It has to be root's, for the server's and the browser's users; without that, network namespaces, `ip`, openssl,
poppler or Chromium there is nothing to be seen, and it says so.
"""
import argparse, atexit, os, shutil, sys

import world as worlds

parser = argparse.ArgumentParser()
parser.add_argument("wonder")
parser.add_argument("--tries", type=int, default=1000)
parser.add_argument("topics", nargs="*")
arguments = parser.parse_args()
if os.geteuid() != 0:
    print("skip the browser: only root can make a network with a server of another user's in it")
    sys.exit(0)
for program in ("chromium-headless-shell", "openssl", "ip", "unshare", "pdfinfo", "pdftotext", "pdftoppm"):
    if not shutil.which(program):
        print(f"skip the browser: there is no {program}")
        sys.exit(0)
worlds.enter()

import importlib

import checks
from pages import Pages
from wonder import Wonder

# A page that hangs ends soon; one that shall be whole has the time that a machine needs which has much else to do.
SHORT, LONG = "20s", "10m"
TOPICS = {"failures": SHORT, "inward": SHORT, "pixels": LONG, "paper": LONG, "options": LONG, "files": LONG, "hostile": SHORT,
          "endure": LONG}
topics = {name: importlib.import_module(name) for name in arguments.topics or TOPICS}
world = worlds.World(Pages)
atexit.register(shutil.rmtree, world.folder)
checks.check("connections to networks inside are seen", world.is_watched())
everything = checks.Timer()
# Nobody has to read where the program lies but who runs this.
program = shutil.copy(arguments.wonder, world.folder + "/wonder")
os.chmod(world.folder, 0o755)
for limit in (SHORT, LONG):
    wonder = Wonder(program, user=65534, WONDER_CONVERSION_TIME=limit, WONDER_LOG_LEVEL="debug")
    try:
        for name in [name for name in topics if TOPICS[name] == limit]:
            timer = checks.Timer()
            settings = {"tries": arguments.tries} if name == "inward" else {}
            topics[name].run(world, wonder, **settings)
            print(f"     {name}: {timer.seconds:.1f} s", flush=True)
    finally:
        left = wonder.stop()
    checks.check("no process is left", not left, left)
# A server of root's has its browser run as nobody, who may not read its data directory.
wonder = Wonder(program)
made = wonder.make(b"<p>by root", "pdf", "html")
checks.check("a server of root's opens pages too", made.data is not None, made)
left = wonder.stop()
checks.check("no process of root's is left", not left, left)
hits = world.watch.hits
checks.check(f"no connection to a network inside, of {world.watch.seen} seen", not hits, (len(hits), hits[:20]))
print(f"{checks.count} checks, {checks.failed} failed, {everything.seconds:.0f} s")
sys.exit(1 if checks.failed else 0)
