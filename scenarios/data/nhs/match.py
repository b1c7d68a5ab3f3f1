"""History matching: finds sets of parameters under which nhs-2017.yaml agrees with four counts of May 2017.

    python3 match.py PROGRAM                  searches, and writes accepted.jsonl beside this file
    python3 match.py PROGRAM --sensitivity    how each count goes with each parameter, over all of their ranges
    python3 match.py --ranges                 the ranges of the accepted sets

Only what nobody has published is varied, each within a range that was laid down beforehand. A set is accepted when
the medians of 40 plays lie within the bands of H1a, H1d, H2b and H3a (docs/validation.md), and those of 100 again;
all else stays a prediction. Waves: a Latin hypercube first; then points about those that agree or nearly do, until there are enough.
"""
import bisect
import json
import math
import random
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCENARIO = HERE.parent.parent / "nhs-2017.yaml"
ACCEPTED = HERE / "accepted.jsonl"
WANTED = 50
SEED = 2017
FIRST_WAVE = 240
FEW, MANY, MORE = 6, 40, 100  # plays: to see what is promising, to accept, and to be sure


def percent(factor=1.0):
    return lambda value: f"{value * 100 * factor:.4g}%"


def delay(sigma):
    return lambda hours: f"{{lognormal: {{median: {hours * 60:.4g}min, sigma: {sigma}}}}}"


# name: least, greatest, whether evenly in its logarithm, and the settings that it makes.
PARAMETERS = {
    "coverage": (0.2, 0.8, False, {
        "patching.coverage": percent(), "patching.groups.critical_servers.coverage": percent(0.83)}),
    "concentration": (0.3, 3.0, True, {"patching.concentration": "{:.4g}".format}),
    "n3_trusts": (0.75, 0.97, False, {"firewalls.n3-inbound-trusts.share": percent()}),
    "n3_practices": (0.70, 0.98, False, {"firewalls.n3-inbound-practices.share": percent()}),
    "n3_segments": (0.3, 0.95, False, {"firewalls.n3-segments.share": percent()}),
    "exposed_trusts": (0.03, 0.4, True, {"firewalls.internet-trust-servers.share": percent()}),
    "scan_rate": (1.0, 8.0, True, {
        "worm.attempts.internet": "{:.4g}/s".format,
        "worm.attempts.n3": lambda rate: f"{rate / 256:.4g}/s",
        "worm.attempts.organisation": lambda rate: f"{rate * 3600 / 2**18:.4g}/h",
        "worm.attempts.community": lambda rate: f"{rate * 3600 / 2**18:.4g}/h"}),
    "effect": (0.3, 0.6, False, {
        "worm.chances.windows_7": percent(), "worm.chances.server_2008_r2": percent()}),
    "unplug_hours": (0.25, 2.0, True, {"detection.isolation.delay": delay(0.8)}),
    "reporting_hours": (0.5, 3.0, True, {"warning.reporting": delay(1)}),
    "trust_staff": (100, 500, True, {"recovery.teams.trusts.hosts_per_technician": "{:.4g}".format}),
    "area_staff": (75, 600, True, {"recovery.teams.areas.hosts_per_technician": "{:.4g}".format}),
    "patchers": (0.03, 0.3, True, {
        "patching.rings.practices.staff.technicians": lambda value: f"{{lognormal: {{median: {value:.4g}, sigma: 1}}}}"}),
}


def settings(point):
    """A set as the program reads it."""
    return {path: text(point[name]) for name, (*_, paths) in PARAMETERS.items() for path, text in paths.items()}


def number(name, accepted):
    """A parameter as an accepted set says it: percent as shares, minutes as hours."""
    text = accepted[next(iter(PARAMETERS[name][3]))]
    value = float(re.search(r"[\d.]+", text).group())
    return value / 100 if text.endswith("%") else value / 60 if "min" in text else value


def scale(name, u):
    least, greatest, logarithmic, _ = PARAMETERS[name]
    if logarithmic:
        return math.exp(math.log(least) + u * (math.log(greatest) - math.log(least)))
    return least + u * (greatest - least)


def unscale(name, value):
    least, greatest, logarithmic, _ = PARAMETERS[name]
    if logarithmic:
        return math.log(value / least) / math.log(greatest / least)
    return (value - least) / (greatest - least)


def hypercube(n, luck):
    columns = {}
    for name in PARAMETERS:
        order = list(range(n))
        luck.shuffle(order)
        columns[name] = [(place + luck.random()) / n for place in order]
    return [{name: scale(name, columns[name][i]) for name in PARAMETERS} for i in range(n)]


def around(points, n, luck):
    """From a point that agrees some way towards another, and a little beside it."""
    found = []
    while len(found) < n:
        a, b = luck.choice(points), luck.choice(points)
        along = luck.uniform(-0.3, 0.7)
        point = {}
        for name in PARAMETERS:
            u = unscale(name, a[name])
            u += along * (unscale(name, b[name]) - u) + luck.gauss(0, 0.07)
            if not 0 <= u <= 1:
                break
            point[name] = scale(name, u)
        else:
            found.append(point)
    return found


def play(program, points, replicates):
    """Medians of every count for each point, and the counts themselves."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as sets:
        for point in points:
            sets.write(json.dumps(settings(point)) + "\n")
        sets.flush()
        command = [program, "validate", "H1", "H2", "H3", "--scenario", SCENARIO, "--sets", sets.name,
                   "--replicates", str(replicates), "--json"]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    return [row["medians"] for row in rows if "medians" in row], [row for row in rows if "id" in row]


def agrees(medians, counts, slack=0.0):
    """Whether all fitted counts are within their bands, or so near that more plays are worth it."""
    for median, count in zip(medians, counts):
        if count["use"] != "fitted":
            continue
        width = slack * (count["high"] - count["low"])
        if median is None or not count["low"] - width <= median <= count["high"] + width:
            return False
    return True


def those_that_agree(program, points, replicates, slack=0.0):
    if not points:
        return []
    medians, counts = play(program, points, replicates)
    return [point for point, found in zip(points, medians) if agrees(found, counts, slack)]


def search(program):
    luck = random.Random(SEED)
    points = hypercube(FIRST_WAVE, luck)
    accepted, near = [], []
    for wave in range(20):
        promising = those_that_agree(program, points, FEW, 0.25)
        inside = those_that_agree(program, promising, MANY)
        near += promising
        accepted += those_that_agree(program, inside, MORE)
        print(f"wave {wave}: {len(points)} tried, {len(promising)} near, {len(inside)} inside, "
              f"{len(accepted)} accepted in all", flush=True)
        with open(ACCEPTED, "w") as out:
            out.writelines(json.dumps(settings(point)) + "\n" for point in accepted)
        if len(accepted) >= WANTED:
            break
        known = accepted if len(accepted) > 4 else near
        points = around(known, FIRST_WAVE // 4, luck) if len(known) > 1 else hypercube(FIRST_WAVE, luck)


def ranks(values):
    """Equal values share the mean of their ranks."""
    order = sorted(values)
    return [(bisect.bisect_left(order, v) + bisect.bisect_right(order, v) - 1) / 2 for v in values]


def rank_correlation(xs, ys):
    """Spearman's; none where all values are the same."""
    return statistics.correlation(ranks(xs), ranks(ys)) if len(set(ys)) > 1 else float("nan")


def sensitivity(program):
    points = hypercube(FIRST_WAVE // 4, random.Random(SEED))
    medians, counts = play(program, points, FEW)
    shown = [c for c, count in enumerate(counts) if count["use"] in ("fitted", "predicted")]
    print("".join(f"{name:>16}" for name in ("", "sets", *PARAMETERS)))
    for c in shown:
        known = [i for i, m in enumerate(medians) if m[c] is not None]
        row = [rank_correlation([points[i][name] for i in known], [medians[i][c] for i in known])
               for name in PARAMETERS]
        print(f"{counts[c]['id']:>16}{len(known):16}" + "".join(f"{value:16.2f}" for value in row))


def ranges():
    sets = [json.loads(line) for line in open(ACCEPTED)]
    print(f"{len(sets)} sets")
    for name, (least, greatest, *_) in PARAMETERS.items():
        values = sorted(number(name, accepted) for accepted in sets)
        at = lambda share: values[round(share * (len(values) - 1))]
        print(f"{name:16} {least:8.4g} to {greatest:<8.4g} accepted {values[0]:.3g} to {values[-1]:.3g}, "
              f"middle half {at(0.25):.3g} to {at(0.75):.3g}, median {at(0.5):.3g}")


if __name__ == "__main__":
    if sys.argv[1] == "--ranges":
        ranges()
    elif sys.argv[2:] == ["--sensitivity"]:
        sensitivity(sys.argv[1])
    else:
        search(sys.argv[1])
