#!/usr/bin/python3
"""Makes countries.csv from internet_users.csv; codes and names from Debian's iso-codes, positions from the tz database.

python3 make.py            write it
python3 make.py --check    compare; exit 1 on a difference
"""
import csv
import io
import json
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).parent
# Names of the factbook that ISO 3166-1 writes in another way.
CODES = {"Russia": "RU", "Korea, South": "KR", "Vietnam": "VN", "Turkey": "TR", "Iran": "IR", "Taiwan": "TW",
         "Venezuela": "VE", "Czech Republic": "CZ", "Tanzania": "TZ", "Syria": "SY", "Bolivia": "BO", "Moldova": "MD",
         "West Bank": "PS", "Macedonia": "MK", "Burma": "MM", "Cote d'Ivoire": "CI", "Swaziland": "SZ", "Laos": "LA",
         "Congo, Democratic Republic of the": "CD", "Brunei": "BN", "Gambia, The": "GM", "Macau": "MO",
         "Bahamas, The": "BS", "Congo, Republic of the": "CG", "Virgin Islands": "VI",
         "Micronesia, Federated States of": "FM"}


def degrees(text):
    """ISO 6709 as the tz database writes it: +DDMM or +DDDMM, with or without seconds."""
    sign, digits = text[0], text[1:]
    whole = len(digits) - (4 if len(digits) > 5 else 2)
    value = int(digits[:whole]) + int(digits[whole:whole + 2]) / 60 + int(digits[whole + 2:] or 0) / 3600
    return round(-value if sign == "-" else value, 3)


def positions():
    """By code: area, latitude and longitude of the first place that the tz database has there."""
    found = {}
    for line in open("/usr/share/zoneinfo/zone.tab", encoding="utf-8"):
        if line.startswith("#"):
            continue
        code, where, zone = line.rstrip("\n").split("\t")[:3]
        latitude, longitude = re.fullmatch(r"([+-]\d+)([+-]\d+)", where).groups()
        found.setdefault(code, (zone.split("/")[0], degrees(latitude), degrees(longitude)))
    return found


def countries():
    known = json.load(open("/usr/share/iso-codes/json/iso_3166-1.json", encoding="utf-8"))["3166-1"]
    codes = {country["name"]: country["alpha_2"] for country in known} | CODES
    place = positions()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow("code name class region community latitude longitude size".split())
    rows = list(csv.DictReader(open(FOLDER / "internet_users.csv", encoding="utf-8")))
    for row in sorted(rows, key=lambda row: codes[row["name"]]):
        area, latitude, longitude = place[codes[row["name"]]]
        writer.writerow([codes[row["name"]], row["name"], "country", area, area, latitude, longitude, row["users"]])
    return out.getvalue()


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(countries() != (FOLDER / "countries.csv").read_text(encoding="utf-8"))
    (FOLDER / "countries.csv").write_text(countries(), encoding="utf-8")
