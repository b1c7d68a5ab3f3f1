#!/usr/bin/env python3
"""Makes the lists of one integrated care board of 2026, Kent and Medway, from the raw lists in ../nhs.

    python3 make.py            writes trusts.csv, sites.csv, practices.csv and boards.csv
    python3 make.py --check    compares instead; exit 1 on a difference or a broken self-check

What is confirmed and what is assumed is said in README.md. Reading, placing and writing are those of ../nhs/reconcile.py.
"""
import collections
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(FOLDER.parent / "nhs"))
import reconcile

BOARD, BOARD_NAME, ICS = "QKS", "NHS Kent and Medway Integrated Care Board", "Kent and Medway"
SEAT = "99J"                                       # the CCG of 2014 at whose seat the board is drawn
KENT = (50.9, 51.5, 0.0, 1.46)                     # south, north, west, east
TRUSTS, PRACTICES, NETWORKS = 6, 194, 42
CLASS_OF_TYPE = {"Acute": "acute", "Mental": "mental_health", "Community": "community"}


def title(name):
    """'ST JOHN'S NHS CENTRE' -> St John's NHS Centre."""
    return re.sub(r"'S\b", "'s", name.title()).replace("Nhs", "NHS")


def main_first(sites, trusts):
    """Of each trust's sites the one nearest to its address comes first: there are its servers. Then by code."""
    main = {}
    for code, (_, _, place) in trusts.items():
        points = {row[1]: reconcile.point(row[3:]) for row in sites if row[0] == code}
        main[code] = reconcile.nearest(place, points)[0]
    return sorted(sites, key=lambda row: (row[0], row[1] != main[row[0]], row[1]))


def make_tables():
    raw = reconcile.Raw()
    now = {code: row for code, row in raw.trusts_2026.items() if row["ics"] == ICS}
    trusts = {code: (row["name"], CLASS_OF_TYPE[row["type"].split()[0]], reconcile.position(raw.trusts[code]))
              for code, row in now.items()}
    sites = main_first(reconcile.make_sites(raw, trusts), trusts)
    hospitals = collections.Counter(row[0] for row in sites)
    places, _ = reconcile.practice_positions(raw)
    practices = {code: row for code, row in raw.map.items() if row["STP_CODE"] == BOARD}
    tables = {
        "trusts.csv": [[code, name, kind, now[code]["region"], BOARD, *place, hospitals[code]]
                       for code, (name, kind, place) in sorted(trusts.items())],
        "practices.csv": [[code, title(row["PRACTICE_NAME"]), "practice",
                           row["COMM_REGION_NAME"], BOARD, *places[code], 1]
                          for code, row in sorted(practices.items())],
        "boards.csv": [[BOARD, BOARD_NAME, "board", "South East", BOARD, *reconcile.position(raw.ccgs[SEAT]), 1]]}
    require_sound(tables, practices)
    tables = {name: (reconcile.ORGANISATION, rows) for name, rows in tables.items()}
    tables["sites.csv"] = (["organisation", "code", "name", "latitude", "longitude"], sites)
    return tables


def require_sound(tables, practices):
    """The self-checks: counts, one commissioner before the board, and places in Kent."""
    require = reconcile.require
    require(len(tables["trusts.csv"]) == TRUSTS, f"not {TRUSTS} trusts")
    require(len(practices) == PRACTICES, f"not {PRACTICES} practices")
    require({row["CCG_CODE"] for row in practices.values()} == {"91Q"}, "practices of another commissioner")
    require(len({row["PCN_CODE"] for row in practices.values()} - {"U"}) == NETWORKS, f"not {NETWORKS} networks")
    south, north, west, east = KENT
    for name, rows in tables.items():
        for row in rows:
            require(south < row[5] < north and west < row[6] < east, f"{name}: {row[0]}: not in Kent")


if __name__ == "__main__":
    sys.exit(reconcile.main(make_tables, FOLDER, __doc__))
