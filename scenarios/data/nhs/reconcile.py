#!/usr/bin/env python3
"""Makes the lists of English NHS organisations of May 2017 from the raw lists beside this file.

    python3 reconcile.py            writes trusts_2017, sites_2017, practices_2017 and ccgs_2017.csv
    python3 reconcile.py --check    compares instead; exit 1 on a difference or a broken self-check

Every merger, rule and assumption below is explained, with dates, in README.md.
A position is (latitude, longitude) in degrees. A region is one of the four of NHS England in 2017.
"""
import bisect
import collections
import csv
import hashlib
import io
import math
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
TRUSTS, PRACTICES, CCGS = 236, 7454, 209          # NAO, HC 414 (trusts, CCGs); DHSC (practices)
ENGLAND = (49.8, 55.9, -6.5, 1.8)                 # south, north, west, east
ORGANISATION = ["code", "name", "class", "region", "community", "latitude", "longitude", "size"]
REGION_2017 = {"North East and Yorkshire": "North", "North West": "North", "Midlands": "Midlands and East",
               "East of England": "Midlands and East", "London": "London",
               "South East": "South", "South West": "South"}
CLASS_OF_SUBTYPE = {"Acute": "acute", "MentalHealth": "mental_health", "Ambulance": "ambulance"}

# Organisations of the 2014 lists that had gone by May 2017, and who took their sites.
SUCCESSOR = {"RC3": "R1K", "RV8": "R1K", "RD7": "RDU", "RFW": "RQM", "RVL": "RAL", "RBB": "RD1", "RHX": "RW1",
             "RJX": "RW4", "R1G": "RA9", "RWN": "R1L", "RJD": "RJE", "RGC": "R1H", "RNH": "R1H", "RNJ": "R1H",
             "RM4": "RW3", "RT6": "RMY", "RWQ": "R1A", "RYQ": "RJZ"}
SITE_SUCCESSOR = {"RJD13": "RL4", "RYQ10": "RPG", "RYQ11": "RPG", "RYQ50": "RJ2"}   # where a trust was split
# Trusts of 2017 without a row in the 2014 list: name, class, and whose row, site or postcode places them.
ADDED = {"R1K": ("London North West Healthcare NHS Trust", "acute", "RV8"),
         "R1L": ("Essex Partnership University NHS Foundation Trust", "mental_health", "RWN"),
         "TAD": ("Bradford District Care NHS Foundation Trust", "mental_health", "TAD17"),
         "TAF": ("Camden and Islington NHS Foundation Trust", "mental_health", "NW1 0PE"),
         "TAH": ("Sheffield Health and Social Care NHS Foundation Trust", "mental_health", "S10 3TH"),
         "TAJ": ("Black Country Partnership NHS Foundation Trust", "mental_health", "TAJ07")}
RENAMED = ("RA9", "RD1", "RDU", "RJE", "RW4", "RXV")           # took the name in the 2026 file on merging
MERGED_CCGS = {"00F": "13T", "00G": "13T", "00H": "13T"}
SEAT_OUTSIDE = {"00D": "84H", "07M": "93C"}       # became these CCGs; their seats lie nearer to practices of others
CORRECTED_POSTCODE = {"R1G02": "TQ5 9HW", "R1G55": "TQ7 1AE"}  # the first is misprinted, the second missing


def read(name, key):
    """Rows of a raw file by `key`; white space normalised; of repeated codes the first row stays."""
    rows = {}
    with open(FOLDER / name, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            row = {field: " ".join(value.split()) for field, value in row.items()}
            rows.setdefault(row[key], row)
    return rows


def position(row):
    return (float(row["Latitude"]), float(row["Longitude"])) if row.get("Latitude") else None


def mean(positions):
    return tuple(math.fsum(axis) / len(positions) for axis in zip(*positions))


def point(place):
    """The place as a unit vector: the nearest by chord is the nearest by great circle."""
    latitude, longitude = map(math.radians, place)
    return (math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude), math.sin(latitude))


def nearest(place, points):
    """Keys of `points` (code -> unit vector) nearest to `place`, in order; more than one when they coincide."""
    here = point(place)
    distances = {code: round(math.dist(here, there), 9) for code, there in points.items()}
    least = min(distances.values())
    return sorted(code for code, distance in distances.items() if distance == least)


def digest(code):
    return hashlib.sha256(code.encode()).hexdigest()


def widening(postcode):
    """Postcode, sector, district, area: 'TS18 1HU' -> TS18 1HU, TS18 1, TS18, TS."""
    return [postcode, postcode[:-2], postcode.split()[0], re.match("[A-Z]*", postcode)[0]]


class Raw:
    """The raw files, and an index of known positions by postcode, sector, district, area and PCN."""

    def __init__(self):
        self.trusts = read("trusts_2014_nhschoices.csv", "OrganisationCode")
        self.hospitals = read("hospitals_2014_nhschoices.csv", "OrganisationCode")
        self.practices = read("gp_practices_2014_nhschoices.csv", "OrganisationCode")
        self.ccgs = read("ccgs_2014_nhschoices.csv", "OrganisationCode")
        self.map = read("gp_pcn_ccg_ics_map_2022-01.csv", "PRACTICE_CODE")
        self.trusts_2026 = read("trusts_type_region_2026_cc0.csv", "ods_code")
        self.wannacry = read("wannacry_trusts_2017.csv", "ods_code")
        self.known = collections.defaultdict(list)
        for table in (self.trusts, self.hospitals, self.practices, self.ccgs):
            for code, row in table.items():
                if position(row) and row["Postcode"]:
                    for key in widening(row["Postcode"].upper()) + [self.pcn(code)]:
                        self.known[key].append(position(row))

    def pcn(self, practice):
        """The practice's primary care network; '' when unknown, which the map writes 'U'."""
        code = self.map[practice]["PCN_CODE"] if practice in self.map else "U"
        return "" if code == "U" else code

    def place(self, postcode, pcn=""):
        """Mean of the known positions at the postcode, else in its sector, district, PCN, area."""
        *narrow, area = widening(postcode.upper())
        return next(mean(self.known[key]) for key in [*narrow, pcn, area] if key and key in self.known)


def practice_positions(raw):
    """Positions by code, and the codes whose own position is known. A practice without one is placed by its postcode,
    else takes the position of the practice with the next code of the same three characters, else is left out."""
    own, placed = {}, {}
    for code in sorted({*raw.practices, *raw.map}):
        before = raw.practices.get(code, {}).get("Postcode", "")
        after = raw.map.get(code, {}).get("PRACTICE_POSTCODE", before)
        if before and position(raw.practices[code]) and widening(before.upper())[3] == widening(after.upper())[3]:
            own[code] = position(raw.practices[code])
        elif after:
            placed[code] = raw.place(after, raw.pcn(code))
    placed.update(own)
    donors = collections.defaultdict(list)
    for code in sorted(placed):
        donors[code[:3]].append(code)
    for code in sorted(set(raw.practices) - set(placed)):
        group = donors[code[:3]]
        if group and not code.startswith("Y"):           # Y codes are national: the letter says nothing of the place
            placed[code] = placed[group[min(bisect.bisect(group, code), len(group) - 1)]]
    return placed, set(own)


def choose_practices(raw, positions, own):
    """The 7,454 codes, each with a practice of the 2022 map that gives its region and CCG (itself if it is there)."""
    # Y codes are given out in order: of the practices that only the map has, those with a later one opened after 2014.
    newest = max(code for code in raw.practices if re.fullmatch(r"Y\d{5}", code))
    model = {code: code for code in raw.map if code in raw.practices or code <= newest}
    points = {code: point(positions[code]) for code in model}
    candidates = collections.defaultdict(list)
    for code in sorted(set(raw.practices) - set(raw.map)):
        if re.fullmatch(r"[A-HJ-NPY]\d{5}", code) and code in positions:
            near = nearest(positions[code], points)[0]
            candidates[raw.map[near]["COMM_REGION_NAME"]].append((code not in own, digest(code), code, near))
    ranked = []
    for region, rows in candidates.items():              # the same share of every region, own positions first
        ranked += [((rank + 0.5) / len(rows), region, *row[2:]) for rank, row in enumerate(sorted(rows))]
    model.update(row[2:] for row in sorted(ranked)[:PRACTICES - len(model)])
    return model


def make_ccgs(raw, positions):
    """CCGs of 2017 by code: name, position, and the practice of the 2022 map nearest to the seat."""
    seats = collections.defaultdict(list)
    for code, row in raw.ccgs.items():
        seats[MERGED_CCGS.get(code, code)].append(position(row))
    points = {code: point(positions[code]) for code in raw.map}
    names = {row["CCG_CODE"]: row["CCG_NAME"] for row in raw.map.values()}
    ccgs = {}
    for code in sorted(seats):
        place = mean(seats[code])
        name = raw.ccgs[code]["OrganisationName"] if code in raw.ccgs else names[code]
        ccgs[code] = (name, place, nearest(place, points)[0])
    return ccgs


def community(code, place, candidates, ccgs):
    """Nearest seat among the candidate CCGs; organisations near a shared seat are divided by digest of their code."""
    tied = nearest(place, {ccg: point(ccgs[ccg][1]) for ccg in candidates})
    return tied[int(digest(code), 16) % len(tied)]


def make_practices(raw, ccgs, positions, own):
    """Rows of practices_2017.csv. A CCG that was still there in 2022 keeps its practices; of the others, the nearest
    seat among the CCGs that became the practice's CCG of 2022."""
    became = collections.defaultdict(list)
    later = {row["CCG_CODE"] for row in raw.map.values()}
    for code, (_, _, near) in ccgs.items():
        if code not in later:
            became[SEAT_OUTSIDE.get(code, raw.map[near]["CCG_CODE"])].append(code)
    rows = []
    for code, model in sorted(choose_practices(raw, positions, own).items()):
        ccg = raw.map[model]["CCG_CODE"]
        candidates = [ccg] if ccg in ccgs else became[ccg]
        name = raw.practices[code]["OrganisationName"] if code in raw.practices else raw.map[code]["PRACTICE_NAME"]
        rows.append([code, name, "practice", REGION_2017[raw.map[model]["COMM_REGION_NAME"]],
                     community(code, positions[code], candidates, ccgs), *positions[code], 1])
    return rows


def trust_base(raw):
    """Trusts of 2017 by code: name, class, position."""
    trusts = {}
    for code, row in raw.trusts.items():
        if code not in SUCCESSOR:
            now = raw.trusts_2026.get(code, {"name": "", "type": ""})
            kind = "mental_health" if "Mental Health" in now["type"] else "community"   # of a 'Health and Care' trust
            trusts[code] = (now["name"] if code in RENAMED else row["OrganisationName"],
                            CLASS_OF_SUBTYPE.get(row["SubType"], kind), position(row))
    for code, (name, kind, source) in ADDED.items():
        row = raw.trusts.get(source) or raw.hospitals.get(source)
        trusts[code] = (name, kind, position(row) if row else raw.place(source))
    return trusts


def make_sites(raw, trusts):
    """Rows of sites_2017.csv: each hospital once; a predecessor's row gives way to its successor's own."""
    rows, names, postcodes = [], set(), set()
    ordered = sorted(raw.hospitals.items(), key=lambda item: (item[1]["ParentODSCode"] in SUCCESSOR, item[0]))
    for code, row in ordered:
        parent = row["ParentODSCode"]
        owner = SITE_SUCCESSOR.get(code, SUCCESSOR.get(parent, parent))
        name, postcode = (owner, row["OrganisationName"].lower()), (owner, row["Postcode"])
        if owner not in trusts or name in names or (parent in SUCCESSOR and postcode in postcodes):
            continue
        place = raw.place(CORRECTED_POSTCODE[code]) if code in CORRECTED_POSTCODE else position(row)
        rows.append([owner, code, row["OrganisationName"], *place])
        names.add(name)
        if parent == owner:
            postcodes.add(postcode)
    for code in set(trusts) - {row[0] for row in rows}:
        rows.append([code, code + "-HQ", "Headquarters", *trusts[code][2]])
    return sorted(rows)


def make_trusts(raw, trusts, sites, ccgs, positions):
    """Rows of trusts_2017.csv; size is the number of sites."""
    size = collections.Counter(row[0] for row in sites)
    points = {code: point(positions[code]) for code in raw.map}
    rows = []
    for code, (name, kind, place) in sorted(trusts.items()):
        now = raw.trusts_2026.get(code, {}).get("region")
        region = REGION_2017[now or raw.map[nearest(place, points)[0]]["COMM_REGION_NAME"]]
        rows.append([code, name, kind, region, community(code, place, ccgs, ccgs), *place, size[code]])
    return rows


def make_tables():
    raw = Raw()
    positions, own = practice_positions(raw)
    ccgs = make_ccgs(raw, positions)
    base = trust_base(raw)
    sites = make_sites(raw, base)
    practices = make_practices(raw, ccgs, positions, own)
    members = collections.Counter(row[4] for row in practices)
    tables = {
        "trusts_2017.csv": (ORGANISATION, make_trusts(raw, base, sites, ccgs, positions)),
        "sites_2017.csv": (["organisation", "code", "name", "latitude", "longitude"], sites),
        "practices_2017.csv": (ORGANISATION, practices),
        "ccgs_2017.csv": (ORGANISATION, [
            [code, name, "ccg", REGION_2017[raw.map[near]["COMM_REGION_NAME"]], code, *place, members[code]]
            for code, (name, place, near) in ccgs.items()])}
    require_sound(raw, {name: rows for name, (_, rows) in tables.items()})
    return tables


def require(condition, message):
    if not condition:
        sys.exit("reconcile.py: " + message)


def require_sound(raw, tables):
    """The self-checks: counts, codes, places, and agreement with the NAO's 80 trusts."""
    trusts = {row[0]: row for row in tables["trusts_2017.csv"]}
    ccgs = {row[0] for row in tables["ccgs_2017.csv"]}
    for name, count in (("trusts", TRUSTS), ("practices", PRACTICES), ("ccgs", CCGS)):
        found = len(tables[name + "_2017.csv"])
        require(found == count, f"{found} {name}, not {count}")
    south, north, west, east = ENGLAND
    for name, rows in tables.items():
        code, latitude = (1, 3) if name == "sites_2017.csv" else (0, 5)
        require(len({row[code] for row in rows}) == len(rows), f"{name}: a code occurs twice")
        for row in rows:
            require(all(str(value) for value in row), f"{name}: {row[code]}: an empty field")
            inside = south < row[latitude] < north and west < row[latitude + 1] < east
            require(inside, f"{name}: {row[code]}: not in England")
            require(latitude == 3 or row[4] in ccgs, f"{name}: {row[code]}: unknown community")
    require({row[0] for row in tables["sites_2017.csv"]} == set(trusts), "the sites are not those of the trusts")
    for code, row in raw.wannacry.items():
        require(code in trusts, f"{code}, named by the NAO, is missing")
        if row["class_derived"]:
            require((trusts[code][2] == "acute") == (row["class_derived"] == "acute"), f"{code}: class differs")
            require(trusts[code][3] == row["nhs_region_2017_derived"], f"{code}: region differs")


def as_csv(header, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([f"{round(value, 5) + 0.0:.5f}" if isinstance(value, float) else value for value in row])
    return text.getvalue()


def main(make=None, folder=FOLDER, usage=__doc__):
    """Writes the lists that `make` gives into `folder`, or compares them."""
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(usage)
    different = False
    for name, table in (make or make_tables)().items():
        path, text = folder / name, as_csv(*table).encode()
        if not sys.argv[1:]:
            path.write_bytes(text)
        elif not path.exists() or path.read_bytes() != text:
            different = True
            print(f"{name} is not what the raw files give")
    return different


if __name__ == "__main__":
    sys.exit(main())
