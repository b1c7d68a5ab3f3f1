"""Compares the exports of one study with its CSV tables, as the programs that they are made for read them."""

import csv
import json
import math
import sys
from pathlib import Path

import networkx

folder = Path(sys.argv[1])


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def same(a, b):
    """Texts, or numbers to the 15 digits that a spreadsheet has (percentages, to the two that LibreOffice writes); an
    apostrophe may guard a formula in one of them."""
    try:
        if a.endswith("%"):
            return math.isclose(float(a[:-1]) / 100, float(b), abs_tol=0.51e-4)
        return math.isclose(float(a), float(b), rel_tol=1e-14)
    except ValueError:
        return a.removeprefix("'") == b.removeprefix("'")


def check_same(sheet, table):
    assert len(sheet) == len(table) > 0, (len(sheet), len(table))
    for left, right in zip(sheet, table):
        assert left.keys() == right.keys(), (left.keys(), right.keys())
        for column in left:
            assert same(left[column], right[column]), (column, left[column], right[column])


def pictures_of_notebook():
    notebook = json.loads((folder / "notebook/executed.ipynb").read_text(encoding="utf-8"))
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"]
    return sum("image/png" in output.get("data", {}) for output in outputs)


if (folder / "sweep.db").exists():
    assert pictures_of_notebook() == 3  # luck, time and the map
    print(f"{folder.name}: 3 pictures")
    sys.exit()

outcomes = rows(folder / "tables/outcomes.csv")
organisations = rows(folder / "tables/organisations.csv")
summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
strategies = list(dict.fromkeys(row["strategy"] for row in organisations))
metrics = {(row["strategy"].removeprefix("'"), int(row["replicate"]), row["metric"]): row["value"] for row in outcomes}


def check_network():
    graph = networkx.read_graphml(folder / "graphml/network.graphml")
    assert not graph.is_directed()
    assert len(graph) == manifest["organisations"] == len(organisations) / len(strategies)
    for row in organisations:
        node = graph.nodes["o" + str(int(row["organisation"].split()[-1]) - 1)]
        assert node["label"] == row["organisation"] and node["kind"] == row["kind"]
        assert node["hosts"] == int(row["hosts"])
        assert ("latitude" in node) == (row["latitude"] != "")
        for column in ("chance_infected", "chance_locked_out", "mean_hosts_infected"):
            assert node[column + "_" + row["strategy"].removeprefix("'")] == float(row[column])
    assert networkx.number_of_selfloops(graph) == 0
    assert all("connection" in data for _, _, data in graph.edges(data=True))
    return graph.number_of_edges()


def check_trees():
    files = sorted((folder / "graphml").glob("tree-*.graphml"))
    assert len(files) == sum(len(strategy["replays"]) for strategy in summary["strategies"]) > 0
    largest = 0
    for file in files:
        tree = networkx.read_graphml(file)
        outcome = lambda metric: int(metrics[tree.graph["strategy"], tree.graph["replicate"], metric])
        assert len(tree) == outcome("hosts_infected"), file
        for what in ("encrypted", "detected", "restored"):
            assert sum(what + "_h" in data for _, data in tree.nodes(data=True)) == outcome("hosts_" + what), (file, what)
        assert len({data["organisation"] for _, data in tree.nodes(data=True)}) == outcome("organisations_infected")
        # A forest in which time runs one way.
        assert all(degree <= 1 for _, degree in tree.in_degree())
        for source, target, data in tree.edges(data=True):
            assert data["t_hours"] == tree.nodes[target]["infected_h"] >= tree.nodes[source]["infected_h"]
        assert len(tree) == 0 or networkx.is_forest(tree)
        largest = max(largest, len(tree))
    return largest


def check_workbook():
    sheet = lambda name: rows(folder / f"sheets/outcomes-{name}.csv")
    check_same(sheet("Organisations"), organisations)
    check_same(sheet("Time series"), rows(folder / "tables/timeseries.csv"))
    if len(strategies) > 1:
        check_same(sheet("Comparison"), rows(folder / "tables/comparison.csv"))
    values = 0
    for row in sheet("Outcomes"):
        for metric in metrics_of_first():
            assert same(row[metric], metrics[row["strategy"], int(row["replicate"]), metric])
            values += 1
    assert values == len(outcomes)
    expected = {strategy["name"]: strategy["metrics"] for strategy in summary["strategies"]}
    for row in sheet("Summary"):
        for column, value in expected[row["strategy"]][row["metric"]].items():
            assert same(row[column], "" if value is None else str(value)), (row, column, value)
    entries = {row["entry"]: row["value"] for row in sheet("Manifest")}
    assert entries["seed"] == str(manifest["seed"])
    for given in manifest["inputs"]:
        assert entries["SHA-256 of " + given["name"]] == given["sha256"]


def metrics_of_first():
    return list(dict.fromkeys(row["metric"] for row in outcomes))


links, largest = check_network(), check_trees()
check_workbook()
pictures = pictures_of_notebook()
assert pictures == 2 + (len(strategies) > 1) + (manifest["organisations"] > 1), pictures
print(f"{folder.name}: {links} links, trees of up to {largest} hosts, {pictures} pictures: as in the tables")
