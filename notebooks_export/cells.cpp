#include "notebooks_export/cells.h"

namespace trustfall {

const std::vector<NotebookCell>& notebook_cells() {
  using When = NotebookCell::When;
  static const std::vector<NotebookCell> cells = {
      {"read-about", false, When::always, R"cell(
## The data

`outcomes` has a row for every replicate and metric, `curves` the quantiles of what happened over time. A metric that
did not occur in a replicate is missing there. The colours can be told apart by colour-blind readers (Okabe and Ito
2008).
)cell"},
      {"read", true, When::always, R"cell(
import json
import warnings
from itertools import cycle
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd


def read(name):
    """A table as it was written: only empty cells are missing, and names stay texts."""
    table = pd.read_csv(name, keep_default_na=False, na_values=[""], dtype={"strategy": str})
    return table.replace(r"^'(?=[=+@-])", "", regex=True)  # the guard that keeps spreadsheets from running a name


manifest = json.loads(Path("manifest.json").read_text(encoding="utf-8"))
outcomes, curves = read("outcomes.csv"), read("timeseries.csv")

point = outcomes.sweep_point.min()  # of a sweep, the point to look at; points.csv says what each is
study = outcomes[outcomes.sweep_point == point]
curves = curves[curves.sweep_point == point]
strategies = list(study.strategy.unique())  # the others are compared with the first
units = study.drop_duplicates("metric").set_index("metric").unit

okabe_ito = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
colours = dict(zip(strategies, cycle(okabe_ito)))
plt.rcParams.update({"figure.dpi": 110, "figure.constrained_layout.use": True, "axes.grid": True,
                     "grid.alpha": 0.3, "axes.spines.top": False, "axes.spines.right": False})
warnings.filterwarnings("ignore", message="Glyph")  # a sign that the font lacks is drawn as a box
pd.set_option("display.max_rows", None, "display.float_format", "{:,.2f}".format)


def name(metric):
    """A metric for an axis: hosts_infected becomes "hosts infected"."""
    text = metric.replace("_", " ")
    return text if units[metric] in text else f"{text} ({units[metric]})"
)cell"},
      {"table-about", false, When::always, R"cell(
## Outcomes

`occurs` is the share of replicates in which a metric has a value; mean and quantiles are over these. Quantiles are
order statistics: the smallest outcome that at least this share of the replicates does not exceed. Do not rest on the
mean: outbreaks are often small or large, and seldom in between.
)cell"},
      {"table", true, When::always, R"cell(
def spread(values):
    there = values.dropna()
    row = {"occurs": values.notna().mean(), "mean": there.mean()}
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        row[f"{share:.0%}"] = np.quantile(there, share, method="inverted_cdf") if len(there) else np.nan
    return pd.Series(row)


table = study.groupby(["strategy", "metric"], sort=False).value.apply(spread).unstack()
table.insert(0, "unit", table.index.get_level_values("metric").map(units))
table[(table["occurs"] > 0) & (table["mean"] != 0)]
)cell"},
      {"distribution-about", false, When::always, R"cell(
## Luck

How one metric differs between replicates of the same scenario: how often each range of outcomes came, and the share of
replicates with at most so much. The dotted line is where the scenario lets a large outbreak begin.
)cell"},
      {"distribution", true, When::always, R"cell(
metric = "hosts_infected"  # or any other of the table above
wide = study[study.metric == metric].pivot(index="replicate", columns="strategy", values="value")[strategies]
large = manifest["resolved_scenario"]["study"].get("large_from", 0) * manifest["hosts"]

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4))
bins = np.histogram_bin_edges(wide.stack(), bins=30)
for strategy in strategies:
    values = np.sort(wide[strategy].dropna())
    look = {"color": colours[strategy], "label": strategy}
    left.hist(values, bins=bins, histtype="stepfilled", alpha=0.25, color=colours[strategy])
    left.hist(values, bins=bins, histtype="step", linewidth=1.5, **look)
    right.step(values, np.arange(1, len(values) + 1) / len(values), where="post", **look)
for axes in (left, right):
    axes.set_xlabel(name(metric))
    if metric == "hosts_infected":
        axes.axvline(large, color="grey", linestyle=":")
left.set(title="How often", ylabel="replicates")
right.set(title="At most so much", ylabel="share of replicates", ylim=(0, 1.02))
if len(strategies) > 1:
    right.legend()
)cell"},
      {"fan-about", false, When::always, R"cell(
## Over time

The line is the median, the dark band holds half of the replicates, the light band nine tenths (5 to 95 %). Each moment
has quantiles of its own, so no single replicate need run along a line.
)cell"},
      {"fan", true, When::always, R"cell(
curve = "hosts_infected"  # or any other of curves.metric.unique()
columns = min(len(strategies), 3)
rows = -(-len(strategies) // columns)
figure, panels = plt.subplots(rows, columns, figsize=(max(7, 4.5 * columns), 3.8 * rows), sharex=True, sharey=True,
                              squeeze=False)
for axes in panels.flat[len(strategies):]:
    axes.remove()
for axes, strategy in zip(panels.flat, strategies):
    fan = curves[(curves.strategy == strategy) & (curves.metric == curve)]
    axes.fill_between(fan.t_hours, fan.q05, fan.q95, color=colours[strategy], alpha=0.2, linewidth=0, label="5 to 95 %")
    axes.fill_between(fan.t_hours, fan.q25, fan.q75, color=colours[strategy], alpha=0.4, linewidth=0, label="25 to 75 %")
    axes.plot(fan.t_hours, fan.q50, color=colours[strategy], label="median")
    axes.set(title=strategy, xlabel=f"hours since {manifest['start']}", ylabel=name(curve) + " so far", ylim=(0, None))
panels[0, 0].legend(loc="lower right")
)cell"},
      {"strategies-about", false, When::several_strategies, R"cell(
## Strategies

All strategies were played on the same luck, so replicates are compared one by one, and small differences show that
two separate samples would hide. The interval is that of the mean difference (bootstrap, 95 %); where it holds zero,
the question is not settled.
)cell"},
      {"strategies", true, When::several_strategies, R"cell(
first, others = strategies[0], strategies[1:]
difference = wide[others].sub(wide[first], axis=0)
draws = np.random.default_rng(manifest["seed"])


def paired(values):
    there = values.dropna().to_numpy()
    means = [draws.choice(there, len(there)).mean() for _ in range(2000)] if len(there) else [np.nan]
    low, high = np.quantile(means, [0.025, 0.975])
    return pd.Series({"pairs": len(there), "mean": there.mean() if len(there) else np.nan, "low": low, "high": high,
                      "lower in": (there < 0).mean(), "equal in": (there == 0).mean()})


against_first = difference.apply(paired).T
against_first
)cell"},
      {"strategies-picture", true, When::several_strategies, R"cell(
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 1.4 + 0.7 * len(strategies)))
for row, strategy in enumerate(strategies):
    s = spread(wide[strategy])
    left.plot([s["5%"], s["95%"]], [row, row], color=colours[strategy], linewidth=2)
    left.plot([s["25%"], s["75%"]], [row, row], color=colours[strategy], linewidth=7)
    left.plot(s["50%"], row, "o", color="white", markeredgecolor=colours[strategy])
left.set(title="Median, half and nine tenths of the replicates", xlabel=name(metric),
         yticks=range(len(strategies)), yticklabels=strategies)
for row, strategy in enumerate(others):
    values = difference[strategy].dropna()
    jitter = draws.uniform(-0.3, 0.3, len(values))
    right.plot(values, row + jitter, ".", color=colours[strategy], alpha=0.3, markersize=4)
    mean = against_first.loc[strategy]
    right.errorbar(mean["mean"], row, xerr=[[mean["mean"] - mean["low"]], [mean["high"] - mean["mean"]]], fmt="D",
                   color="black", capsize=4)
right.axvline(0, color="grey")
right.set(title=f"Replicate by replicate, less {first}", xlabel="difference in " + name(metric),
          yticks=range(len(others)), yticklabels=others)
left.invert_yaxis()
right.invert_yaxis()
)cell"},
      {"organisations-about", false, When::several_organisations, R"cell(
## Organisations

In how many of the replicates each organisation was infected, against its size, under the first strategy (`organisations`
has a row for each). Where names
are pseudonyms, coordinates are rounded to a tenth of a degree.
)cell"},
      {"organisations", true, When::several_organisations, R"cell(
organisations = read("organisations.csv")
of_first = organisations[organisations.strategy == strategies[0]]
figure, axes = plt.subplots(figsize=(7, 4))
for (kind, group), colour in zip(of_first.groupby("kind"), cycle(okabe_ito)):
    axes.scatter(group.hosts, group.chance_infected, s=9, alpha=0.5, color=colour, label=kind)
axes.set(title="Who is hit", xscale="log", xlabel="hosts of the organisation", ylabel="share of replicates infected",
         ylim=(-0.02, 1.02))
axes.legend()
of_first.groupby("kind")[["hosts", "chance_infected", "chance_locked_out", "mean_hosts_infected"]].mean()
)cell"},
      {"sweep-about", false, When::sweep, R"cell(
## Ignorance: a sweep

The median outcome of every point: over one setting as a line with the band from 5 to 95 %, over two as a map. All
points were played on the same luck; what differs here differs because a setting is unknown.
)cell"},
      {"sweep", true, When::sweep, R"cell(
settings = {}  # value by sweep_point, of each path that the sweep changes; in the sweep's order
for path, rows in read("points.csv").groupby("path", sort=False):
    values = rows.set_index("sweep_point").value.astype(str)
    settings[path] = values.astype(pd.CategoricalDtype(values.unique(), ordered=True))
swept = outcomes[outcomes.metric == metric]
swept = swept.join(pd.DataFrame(settings), on="sweep_point")

if len(settings) == 1:
    (path,) = settings
    band = swept.groupby(path).value.apply(spread).unstack()
    figure, axes = plt.subplots(figsize=(7, 4))
    axes.fill_between(band.index, band["5%"], band["95%"], color=okabe_ito[0], alpha=0.2, linewidth=0)
    axes.plot(band.index, band["50%"], "o-", color=okabe_ito[0])
    axes.set(title="Median, and 5 to 95 %", xlabel=path, ylabel=name(metric), ylim=(0, None))
else:
    across, up = list(settings)[:2]
    grid = swept.pivot_table(index=up, columns=across, values="value", aggfunc="median")
    figure, axes = plt.subplots(figsize=(7, 5))
    image = axes.imshow(grid, origin="lower", aspect="auto", cmap="viridis")
    axes.set(title="Median " + name(metric), xlabel=across, ylabel=up, xticks=range(len(grid.columns)),
             xticklabels=grid.columns, yticks=range(len(grid.index)), yticklabels=grid.index)
    axes.grid(False)
    figure.colorbar(image, label=name(metric))
)cell"},
      {"go-on", false, When::always, R"cell(
## From here

`study.pivot_table(index="replicate", columns=["strategy", "metric"], values="value")` is the table that statistics want.
A replicate that stands out can be watched minute by minute: `trustfall replay NUMBER --from results.tfr`, with its
number. What each metric and setting means is told by `trustfall help` and the documentation.
)cell"},
  };
  return cells;
}

}  // namespace trustfall
