#include "viz_export/facilitator_sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "viz_export/wording.h"
#include "viz_export/xml_text.h"

namespace trustfall {
namespace {

constexpr const char* style = R"css(
:root{--ink:#1c2430;--soft:#5b6675;--line:#c9d0d8;--tint:#f1f4f7;--accent:#8a2332}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.5rem;max-width:190mm;color:var(--ink);background:#fff;
font:10.5pt/1.45 "Source Sans 3","Segoe UI",Helvetica,Arial,sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:22pt;line-height:1.15;margin:.2em 0 .1em}
h2{font-size:14pt;margin:2.2em 0 .5em;padding-bottom:.2em;border-bottom:1.5pt solid var(--ink);break-after:avoid}
h3{font-size:11.5pt;margin:0;break-after:avoid}
h4{font-size:11pt;margin:1.6em 0 .4em;break-after:avoid}
p{margin:.5em 0}
.secret{display:inline-block;margin:0;padding:.15em .7em;background:var(--accent);color:#fff;font-weight:600;
font-size:9pt;letter-spacing:.05em;text-transform:uppercase}
.lead{color:var(--soft);margin-top:0}
table{border-collapse:collapse;width:100%;margin:.4em 0 1em;font-size:9.5pt}
th,td{text-align:left;vertical-align:top;padding:.28em .6em .28em 0;border-bottom:.5pt solid var(--line)}
th{font-weight:600;border-bottom:1pt solid var(--ink)}
tr{break-inside:avoid}
thead{display:table-header-group}
td.n,th.n{text-align:right;padding-right:1.2em;white-space:nowrap}
.t{white-space:nowrap}
.facts th{border-bottom:.5pt solid var(--line);width:30%;color:var(--soft);font-weight:400}
.inject{break-inside:avoid;margin:0 0 1.1em;border:.75pt solid var(--line);border-top:2.5pt solid var(--ink)}
.head{display:flex;gap:.9em;align-items:baseline;padding:.45em .8em;background:var(--tint)}
.head .no{font-weight:700;white-space:nowrap}
.head h3{flex:1}
.head .when{white-space:nowrap;font-weight:600}
.inject dl{display:grid;grid-template-columns:9.5em 1fr;gap:.3em .8em;margin:.6em .8em .7em}
dt{color:var(--soft);font-size:9pt;padding-top:.08em}
dd{margin:0}
.say{border-left:2.5pt solid var(--ink);padding-left:.7em}
.true{border-left:2.5pt solid var(--accent);padding-left:.7em}
.boxes{display:flex;gap:2em;margin:0 .8em .8em;font-size:9pt;color:var(--soft)}
.boxes span{flex:1;border-bottom:.5pt solid var(--soft)}
svg{width:100%;height:auto;display:block;margin:.4em 0 .2em}
svg text{font-size:11px;fill:var(--soft)}
footer{margin-top:2em;color:var(--soft);font-size:9pt}
@media print{body{padding:0;max-width:none}.page{break-before:page}h2{margin-top:1.4em}.page>h2{margin-top:0}}
)css";

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : xml_text(text)) {
    if (c == '&')
      safe += "&amp;";
    else if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '"')
      safe += "&quot;";
    else
      safe += c;
  }
  return safe;
}

/// Counts with a comma at the thousands.
std::string plain(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* count = std::get_if<std::int64_t>(&cell)) return readable(static_cast<double>(*count));
  if (const auto* value = std::get_if<double>(&cell)) return fmt::format("{:.4g}", *value);
  return {};
}

bool is_text(const Cell& cell) { return std::holds_alternative<std::string>(cell); }

/// `2019-03-14 09:13`: is not broken over two lines.
bool is_time(const std::string& text) { return text.size() == 16 && text[4] == '-' && text[13] == ':'; }

/// Numbers stand to the right, under their heading.
std::string table_html(const Table& table) {
  const auto numeric = [&](std::size_t c) {
    return !table.rows.empty() && std::none_of(table.rows.begin(), table.rows.end(),
                                               [&](const std::vector<Cell>& row) { return is_text(row[c]); });
  };
  std::string html = "<table><thead><tr>";
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    html += fmt::format("<th{}>{}</th>", numeric(c) ? " class=\"n\"" : "", escaped(table.columns[c]));
  html += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string text = plain(row[c]);
      const char* const look = numeric(c) ? " class=\"n\"" : is_time(text) ? " class=\"t\"" : "";
      html += fmt::format("<td{}>{}</td>", look, escaped(text));
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table>\n";
}

/// The events list by its column names.
class Events {
 public:
  explicit Events(const Table& table) : table_(table) {}
  std::size_t size() const { return table_.rows.size(); }
  std::string text(std::size_t row, const std::string& column) const {
    const auto at = std::find(table_.columns.begin(), table_.columns.end(), column);
    return plain(table_.rows[row][static_cast<std::size_t>(at - table_.columns.begin())]);
  }

 private:
  const Table& table_;
};

/// `2019-03-14T09:13:05Z` as people read it: `2019-03-14 09:13`.
std::string readable_time(const std::string& iso) { return iso.substr(0, 10) + " " + iso.substr(11, 5); }

/// `T+01:06 / T+02:38 / T+19:14` above `in 56 of 60 replicates`.
std::string two_lines(const std::string& evidence) {
  const auto at = evidence.find(" in ");
  if (at == std::string::npos) return escaped(evidence);
  return "<span class=\"t\">" + escaped(evidence.substr(0, at)) + "</span><br>" + escaped(evidence.substr(at + 1));
}

std::string timeline_html(const FacilitatorSheet& sheet, const Events& events) {
  std::string html = fmt::format(
      "<table><thead><tr><th class=\"n\">{}</th><th>Exercise</th><th>Scenario</th><th>Title</th><th>To</th>"
      "<th>p10 / p50 / p90 in all replicates</th></tr></thead><tbody>\n",
      escaped(sheet.row));
  for (std::size_t i = 0; i < events.size(); ++i)
    html += fmt::format(
        "<tr><td class=\"n\">{}</td><td class=\"t\">{}</td><td "
        "class=\"t\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        events.text(i, "Inject #"), events.text(i, "Exercise Time (T+hh:mm)"),
        readable_time(events.text(i, "Scenario Time (ISO 8601)")), escaped(events.text(i, "Title")),
        escaped(events.text(i, "To")), two_lines(events.text(i, "Model Evidence (p10/p50/p90)")));
  return html + "</tbody></table>\n";
}

std::string entry(const std::string& name, const std::string& text, const char* look = "") {
  if (text.empty()) return {};
  return fmt::format("<dt>{}</dt><dd{}>{}</dd>\n", escaped(name), look, escaped(text));
}

std::string inject_html(const FacilitatorSheet& sheet, const Events& events, std::size_t i) {
  const auto of = [&](const char* column) { return events.text(i, column); };
  std::string html = fmt::format(
      "<article class=\"inject\"><div class=\"head\"><span class=\"no\">{} {}</span><h3>{}</h3>"
      "<span class=\"when\">{}</span></div><dl>\n",
      escaped(sheet.row), of("Inject #"), escaped(of("Title")), of("Exercise Time (T+hh:mm)"));
  html += entry("From, to", of("From") + " \u2192 " + of("To") + " (" + of("Delivery Method") + ")");
  html += entry("Say", of("Inject Description"), " class=\"say\"");
  html += entry("For " + sheet.controllers, of("Controller Notes"), " class=\"true\"");
  html += entry("Expected action", of("Expected Player Action"));
  html += entry("If nothing happens", of("Contingency"));
  if (!of("Branch Target").empty())
    html += entry("Branch", of("Branch Condition") + " (" + sheet.row + " " + of("Branch Target") + ")");
  html += entry("Evaluate", of("Evaluator Instructions"));
  const std::string objective = of("Objective #").empty() ? "" : "Objective " + of("Objective #");
  const std::string capability = of("Core Capability");
  html += entry("Tests", objective + (objective.empty() || capability.empty() ? "" : "; ") + capability);
  const std::string evidence = of("Model Evidence (p10/p50/p90)");
  if (!evidence.empty())
    html += entry("Model", fmt::format("{} here; p10 / p50 / p90: {}", readable_time(of("Scenario Time (ISO 8601)")),
                                       evidence));
  html += entry("Who", of("Responsible Controller"));
  return html + "</dl><p class=\"boxes\">Actual time<span></span>Outcome<span></span></p></article>\n";
}

/// Hosts so far, with the number of each event above the moment at which it happens.
std::string curves_svg(const FacilitatorSheet& sheet) {
  constexpr double left = 48, right = 690, top = 34, bottom = 210;
  double most = 1;
  std::size_t samples = 2;
  for (const GroundCurve& curve : sheet.curves) {
    samples = std::max(samples, curve.values.size());
    for (const double value : curve.values) most = std::max(most, value);
  }
  const double hours = static_cast<double>(samples - 1) * sheet.sample_hours;
  const auto x = [&](double at) { return left + (right - left) * at / hours; };
  const auto y = [&](double value) { return bottom - (bottom - top) * value / most; };
  std::string svg = "<svg viewBox=\"0 0 720 244\" role=\"img\" aria-label=\"Hosts so far\">\n";
  for (const double share : {0.0, 0.5, 1.0})
    svg += fmt::format(
        "<line x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#c9d0d8\" stroke-width=\".7\"/>"
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{:.0f}</text>\n",
        left, right, y(most * share), y(most * share), left - 6, y(most * share) + 4, most * share);
  for (int tick = 0; tick <= 6; ++tick)
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{:.3g} h</text>\n",
                       x(hours * tick / 6), bottom + 18, hours * tick / 6);
  constexpr const char* looks[] = {"stroke=\"#8a2332\"", "stroke=\"#1c2430\" stroke-dasharray=\"6 3\"",
                                   "stroke=\"#3b6ea5\" stroke-dasharray=\"2 3\""};
  for (std::size_t c = 0; c < sheet.curves.size(); ++c) {
    const char* const look = looks[c % std::size(looks)];
    std::string points;
    for (std::size_t s = 0; s < sheet.curves[c].values.size(); ++s)
      points +=
          fmt::format("{:.1f},{:.1f} ", x(static_cast<double>(s) * sheet.sample_hours), y(sheet.curves[c].values[s]));
    const double key = left + 20 + 150 * static_cast<double>(c);
    svg += fmt::format(
        "<polyline points=\"{}\" fill=\"none\" stroke-width=\"1.8\" {}/>"
        "<line x1=\"{:.0f}\" x2=\"{:.0f}\" y1=\"238\" y2=\"238\" stroke-width=\"1.8\" {}/><text x=\"{:.0f}\" "
        "y=\"242\">{}</text>\n",
        points, look, key, key + 24, look, key + 30, escaped(sheet.curves[c].name));
  }
  double last[2] = {-100, -100};  // where the last number stands in each of two lines
  for (std::size_t i = 0; i < sheet.event_hours.size(); ++i) {
    const double at = x(sheet.event_hours[i]);
    const std::size_t line = at - last[0] >= 14 ? 0 : 1;
    const double shown = std::max(at, last[line] + 14);
    last[line] = shown;
    svg += fmt::format(
        "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\" stroke=\"#5b6675\" stroke-width=\".5\"/>"
        "<text x=\"{3:.1f}\" y=\"{4}\" text-anchor=\"middle\">{5}</text>\n",
        at, top - 2, bottom, shown, line == 0 ? 26 : 13, i + 1);
  }
  return svg + "</svg>\n";
}

std::string lower(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return word;
}

std::string list_html(const std::vector<std::string>& texts, const char* tag) {
  std::string html = fmt::format("<{}>\n", tag);
  for (const std::string& text : texts) html += "<li>" + escaped(text) + "</li>\n";
  return html + fmt::format("</{}>\n", tag);
}

}  // namespace

std::string facilitator_html(const FacilitatorSheet& sheet) {
  const Events events(sheet.events);
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>\n"
      "<style>@page{{size:{};margin:16mm 15mm}}{}</style></head><body>\n",
      sheet.us ? "en-US" : "en-GB", escaped(sheet.title), sheet.us ? "letter" : "A4", style);
  html += fmt::format("<p class=\"secret\">{} only. Not for players</p>\n<h1>{}</h1>\n", escaped(sheet.controllers),
                      escaped(sheet.title));
  for (std::size_t i = 0; i < sheet.opening.size(); ++i)
    html += fmt::format("<p{}>{}</p>\n", i == 0 ? " class=\"lead\"" : "", escaped(sheet.opening[i]));
  html += "<table class=\"facts\"><tbody>\n";
  for (const auto& row : sheet.facts.rows)
    html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(plain(row[0])),
                        escaped(plain(row[1])));
  html += "</tbody></table>\n<h2>Objectives</h2>\n" + list_html(sheet.objectives, "ol");
  html += fmt::format("<section class=\"page\"><h2>{}</h2>\n", escaped(sheet.list)) + timeline_html(sheet, events);
  if (!sheet.left_out.empty()) html += "<h4>Not in this replicate</h4>\n" + list_html(sheet.left_out, "ul");
  html += "</section>\n<section class=\"page\"><h2>Ground truth</h2>\n" + curves_svg(sheet);
  for (const Table& table : sheet.truth)
    html += fmt::format("<h4>{}</h4>\n", escaped(table.name)) + table_html(table);
  html += fmt::format("</section>\n<section class=\"page\"><h2>Each {} in full</h2>\n", escaped(lower(sheet.row)));
  for (std::size_t i = 0; i < events.size(); ++i) html += inject_html(sheet, events, i);
  return html +
         "</section>\n<footer>A simulated course of events: no organisation had this "
         "incident.</footer>\n</body></html>\n";
}

}  // namespace trustfall
