"""Compares the events list of an exercise as a spreadsheet reads it with its CSV file."""

import csv
import sys
from pathlib import Path

folder = Path(sys.argv[1])


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


(sheet,) = [path for path in (folder / "sheets").glob("events-*.csv") if path.stem != "events-About"]
unguarded = [[cell.removeprefix("'") for cell in row] for row in rows(folder / "events.csv")]
assert rows(sheet) == unguarded and len(unguarded) > 5, "the workbook differs from events.csv"
about = dict(rows(folder / "sheets/events-About.csv"))
assert about["Replay code"] == unguarded[1][unguarded[0].index("Replay Code")]
print(f"{folder.name}: {len(unguarded) - 1} events: as in events.csv")
