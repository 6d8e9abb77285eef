"""Conformance of data and document conversions to third-party suites, through a command that converts one file.

usage: run.py [SUITE...] --convert "CMD" [--corpora FOLDER] [--show N]

SUITE is the name of a file NAME_suite.py beside this one; without any, all are run. CMD is called as
`CMD INPUT OUTPUT [--set NAME=VALUE]...`, as `wonder convert` is, the formats are those of the files' endings; it ends with 0 when OUTPUT has
been written, otherwise with a sentence on standard error. FOLDER is the corpora's (default: $TEST_CORPORA), with `data`
inside.

A suite is a module with `run(convert, corpora) -> (passed, total, failures, floor)`: `convert` as in convert.py,
`corpora` the path of the corpora's data folder, `failures` a list of lines, `floor` the number of passed cases that had
been reached before and may not be lost. It prints a line for each suite and exits 1 when one falls below its floor.
"""
import argparse, glob, importlib, os, sys

here = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, here)
from convert import Convert

known = sorted(os.path.basename(path)[: -len("_suite.py")] for path in glob.glob(os.path.join(here, "*_suite.py")))
parser = argparse.ArgumentParser()
parser.add_argument("suites", nargs="*", metavar="SUITE", help=", ".join(known))
parser.add_argument("--convert", required=True, metavar="CMD")
parser.add_argument("--corpora", default=os.environ.get("TEST_CORPORA"), metavar="FOLDER")
parser.add_argument("--show", type=int, default=10, metavar="N", help="how many failures of a suite are printed")
wanted = parser.parse_intermixed_args()
if not wanted.corpora:
    parser.error("name the corpora: --corpora FOLDER or $TEST_CORPORA")
for name in wanted.suites:
    if name not in known:
        parser.error(f"no suite {name}; there are {', '.join(known)}")

lost = 0
for name in wanted.suites or known:
    suite = importlib.import_module(name + "_suite")
    passed, total, failures, floor = suite.run(Convert(wanted.convert), os.path.join(wanted.corpora, "data"))
    print("ok  " if passed >= floor else "FAIL", f"{name}: {passed} of {total}, floor {floor}", flush=True)
    for line in failures[: wanted.show]:
        print("    ", line)
    if len(failures) > wanted.show:
        print(f"     and {len(failures) - wanted.show} more")
    lost += passed < floor
sys.exit(1 if lost else 0)
