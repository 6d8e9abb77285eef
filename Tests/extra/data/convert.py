"""Calls the converter under test: `CMD INPUT OUTPUT [--set NAME=VALUE]...`, formats by the ending of the file names."""
import os, shlex, subprocess, tempfile, time


class Result:
    """What became of one conversion: `output` (bytes) where it was made, otherwise `message`."""

    def __init__(self, output, message, crashed, seconds):
        self.output, self.message, self.crashed, self.seconds = output, message, crashed, seconds

    @property
    def refused(self):
        """Not made, and for a reason that was said: neither a crash nor a hang, and a sentence on standard error."""
        return self.output is None and not self.crashed and bool(self.message.strip())

    @property
    def text(self):
        return self.output.decode("utf-8")


class Convert:
    """Converts bytes: `convert(data, "json", "csv", header="no")` gives a `Result`."""

    def __init__(self, command, patience=10):
        self.command, self.patience = shlex.split(command), patience
        self.folder = tempfile.TemporaryDirectory()

    def __call__(self, data, source, target, **options):
        path = os.path.join(self.folder.name, "input." + source)
        made = os.path.join(self.folder.name, "output." + target)
        with open(path, "wb") as file:
            file.write(data.encode("utf-8") if isinstance(data, str) else data)
        if os.path.exists(made):
            os.remove(made)
        words = [word for name, value in options.items() for word in ("--set", f"{name}={value}")]
        start = time.monotonic()
        try:
            run = subprocess.run(self.command + [path, made] + words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                 timeout=self.patience)
        except subprocess.TimeoutExpired:
            return Result(None, f"no end after {self.patience} s", True, self.patience)
        seconds = time.monotonic() - start
        message = run.stderr.decode("utf-8", "replace")
        # The shell's and Python's ways of saying that a signal ended it.
        crashed = run.returncode < 0 or run.returncode >= 128
        if run.returncode == 0 and os.path.exists(made):
            with open(made, "rb") as file:
                return Result(file.read(), message, False, seconds)
        return Result(None, message, crashed, seconds)
