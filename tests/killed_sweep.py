"""A sweep that is killed five times and goes on ends with the same bytes as one that is left alone. Called by tests/run
with the program and a folder to write to."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

program, folder = sys.argv[1], Path(sys.argv[2])
shutil.rmtree(folder, ignore_errors=True)
points = 60
command = [program, "sweep", "scenarios/district-hospital.yaml", "--replicates", "20", "--seed", "7", "--quiet",
           "--over", "patching.coverage=" + ",".join(f"{5 * i}%" for i in range(12)),
           "--over", "detection.share=0%,20%,40%,60%,80%", "--out"]


def done(store):
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as database:
            return database.execute("SELECT count(*) FROM done").fetchone()[0]
    except sqlite3.OperationalError:
        return 0  # not there yet


subprocess.run(command + [folder / "whole"], check=True)
before = 0
for kill in range(1, 6):
    sweep = subprocess.Popen(command + [folder / "killed"], stderr=subprocess.DEVNULL)
    while done(folder / "killed/sweep.db") < kill * points // 6 and sweep.poll() is None:
        time.sleep(0.001)
    sweep.kill()
    assert sweep.wait() == -signal.SIGKILL, "it ended before it was killed"
    now = done(folder / "killed/sweep.db")
    assert before < now < points, (before, now)  # what was done is kept
    before = now
subprocess.run(command + [folder / "killed"], check=True)
for name in ("points.csv", "outcomes.csv", "timeseries.csv"):
    assert (folder / "killed" / name).read_bytes() == (folder / "whole" / name).read_bytes(), name
print("killed five times, the same bytes in the end")
