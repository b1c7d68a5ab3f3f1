#include "viz_export/layout.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace trustfall {
namespace {

/// Only +, -, *, / and square roots are used: these give the same bits everywhere.
double root(double value) { return std::sqrt(value); }

/// Discs by the square of a grid that they are in, so that only neighbours are compared.
class Grid {
 public:
  Grid(const std::vector<Disc>& discs, double cell) : cell_(cell) {
    for (const Disc& disc : discs) {
      left_ = std::min(left_, disc.x);
      top_ = std::min(top_, disc.y);
    }
    for (const Disc& disc : discs) columns_ = std::max(columns_, at(disc.x - left_) + 1);
    std::size_t squares = 0;
    for (const Disc& disc : discs) squares = std::max(squares, square(disc) + 1);
    first_.assign(squares + 1, 0);
    for (const Disc& disc : discs) ++first_[square(disc) + 1];
    for (std::size_t s = 0; s < squares; ++s) first_[s + 1] += first_[s];
    members_.resize(discs.size());
    std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
    for (std::size_t i = 0; i < discs.size(); ++i) members_[next[square(discs[i])]++] = i;
  }

  /// Calls `visit(a, b)` once for each two discs in the same or a neighbouring square, in a fixed order.
  template <class Visit>
  void each_pair(Visit visit) const {
    for (std::size_t s = 0; s + 1 < first_.size(); ++s) {
      between(s, s, visit);
      if (s % columns_ + 1 < columns_) between(s, s + 1, visit);
      if (s % columns_ > 0) between(s, s + columns_ - 1, visit);
      between(s, s + columns_, visit);
      if (s % columns_ + 1 < columns_) between(s, s + columns_ + 1, visit);
    }
  }

 private:
  std::size_t at(double distance) const { return static_cast<std::size_t>(distance / cell_); }
  std::size_t square(const Disc& disc) const { return at(disc.y - top_) * columns_ + at(disc.x - left_); }

  template <class Visit>
  void between(std::size_t a, std::size_t b, Visit& visit) const {
    if (b + 1 >= first_.size()) return;
    for (std::size_t i = first_[a]; i < first_[a + 1]; ++i)
      for (std::size_t j = a == b ? i + 1 : first_[b]; j < first_[b + 1]; ++j) visit(members_[i], members_[j]);
  }

  double cell_;
  double left_ = 0, top_ = 0;
  std::size_t columns_ = 1;
  std::vector<std::size_t> first_;    // by square: its first member
  std::vector<std::size_t> members_;  // discs, square by square
};

double largest(const std::vector<Disc>& discs) {
  double radius = 1e-9;
  for (const Disc& disc : discs) radius = std::max(radius, disc.radius);
  return radius;
}

constexpr double gap = 0.15;  // between two discs, so that they can be told apart

/// Pushes one disc off another, the larger moving less. False when they do not touch.
bool part(Disc& a, Disc& b) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double distance = root(dx * dx + dy * dy), wanted = a.radius + b.radius + gap;
  if (distance >= wanted) return false;
  // Discs on the very same spot part sideways.
  const double ux = distance > 0 ? dx / distance : 1, uy = distance > 0 ? dy / distance : 0;
  const double push = (wanted - distance) * 0.9;
  const double weight_a = a.radius * a.radius, weight_b = b.radius * b.radius;
  const double of_a = weight_b / (weight_a + weight_b);
  a.x -= ux * push * of_a, a.y -= uy * push * of_a;
  b.x += ux * push * (1 - of_a), b.y += uy * push * (1 - of_a);
  return true;
}

/// The n-th of points that fill a circle evenly from its middle (Vogel, Mathematical Biosciences 44, 1979), by
/// turning through the golden angle each time.
std::pair<double, double> sunflower(std::size_t n) {
  constexpr double cosine = -0.7373688780783197, sine = 0.6754902942615238;
  double x = 1, y = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double turned = x * cosine - y * sine;
    y = x * sine + y * cosine;
    x = turned;
  }
  const double radius = root(static_cast<double>(n));
  return {x * radius, y * radius};
}

/// Moves everything so that it begins at the margin, and sets the size.
void frame(Map& map, double margin) {
  double left = 1e300, top = 1e300, right = -1e300, bottom = -1e300;
  for (const Disc& disc : map.discs) {
    left = std::min(left, disc.x - disc.radius), right = std::max(right, disc.x + disc.radius);
    top = std::min(top, disc.y - disc.radius), bottom = std::max(bottom, disc.y + disc.radius);
  }
  for (Disc& disc : map.discs) disc.x += margin - left, disc.y += margin - top;
  map.width = right - left + 2 * margin;
  map.height = bottom - top + 2 * margin;
}

bool has_coordinates(const OrganisationInfo& of) { return of.latitude != 0 || of.longitude != 0; }

double tenth(double degrees) { return std::round(degrees * 10) / 10; }

constexpr double side = 1000;  // of the map's longer side, before discs are pushed apart

/// Organisations with coordinates, north up. A degree of longitude is shortened as at their middle latitude.
std::vector<std::pair<double, double>> project(const std::vector<OrganisationInfo>& organisations, Names names) {
  std::vector<std::pair<double, double>> points;
  double south = 90, north = -90;
  for (const OrganisationInfo& of : organisations)
    if (has_coordinates(of)) south = std::min(south, of.latitude), north = std::max(north, of.latitude);
  // The cosine by its series: the C library's last bit differs from one to the next.
  const double angle = (south + north) / 2 * 0.017453292519943295, square = angle * angle;
  const double shortening = 1 - square / 2 * (1 - square / 12 * (1 - square / 30 * (1 - square / 56)));
  for (const OrganisationInfo& of : organisations) {
    const bool exact = names == Names::real;
    points.emplace_back((exact ? of.longitude : tenth(of.longitude)) * shortening,
                        -(exact ? of.latitude : tenth(of.latitude)));
  }
  return points;
}

/// Radii that make all discs together fill `area`; none so small that it could not be seen.
void grow(std::vector<Disc>& discs, const std::vector<std::uint64_t>& hosts, double area) {
  double sum = 0, count = 0;
  for (const std::uint64_t of : hosts) sum += root(static_cast<double>(of)), count += 1;
  // Area goes with the square root of the hosts: one trust has as many as two hundred practices.
  for (std::size_t i = 0; i < discs.size(); ++i) {
    const double share = 0.5 / count + 0.5 * root(static_cast<double>(hosts[i])) / std::max(1.0, sum);
    discs[i].radius = root(area * share / 3.141592653589793);
  }
}

void place_by_coordinates(const Results& results, Names names, Map& map) {
  const auto points = project(results.organisations, names);
  double left = 1e300, top = 1e300, right = -1e300, bottom = -1e300;
  for (std::size_t o = 0; o < points.size(); ++o) {
    if (!has_coordinates(results.organisations[o])) continue;
    left = std::min(left, points[o].first), right = std::max(right, points[o].first);
    top = std::min(top, points[o].second), bottom = std::max(bottom, points[o].second);
  }
  const double scale = side / std::max({right - left, bottom - top, 1e-3});
  grow(map.discs, map.hosts, 0.3 * scale * scale * std::max(right - left, 1e-3) * std::max(bottom - top, 1e-3));
  // Those that share a tenth of a degree begin as a small spiral around it; those without a place, below the map.
  std::map<std::pair<double, double>, std::size_t> here;
  for (std::size_t o = 0; o < points.size(); ++o) {
    const bool known = has_coordinates(results.organisations[o]);
    const auto at = known ? points[o] : std::pair(left, bottom + 0.05 * (bottom - top));
    const auto [dx, dy] = sunflower(here[at]++);
    map.discs[o].x = (at.first - left) * scale + dx * 2;
    map.discs[o].y = (at.second - top) * scale + dy * 2;
  }
}

void place_in_a_circle(const Results& results, Map& map) {
  grow(map.discs, map.hosts, 0.4 * side * side);
  // The largest in the middle; of equals, in the order of the results, which keeps groups together.
  std::vector<std::size_t> order(results.organisations.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return map.hosts[a] > map.hosts[b]; });
  const double spacing = side / 2 / root(static_cast<double>(order.size()));
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto [x, y] = sunflower(i);
    map.discs[order[i]].x = x * spacing;
    map.discs[order[i]].y = y * spacing;
  }
}

Map map_of_organisations(const Results& results, Names names) {
  Map map;
  for (const SegmentInfo& segment : results.segments) map.place_of_segment.push_back(segment.organisation);
  bool located = false;
  for (std::size_t o = 0; o < results.organisations.size(); ++o) {
    map.hosts.push_back(results.organisations[o].hosts);
    map.names.push_back(label(results.organisations[o], o, names));
    located = located || has_coordinates(results.organisations[o]);
  }
  map.discs.resize(map.hosts.size());
  located ? place_by_coordinates(results, names, map) : place_in_a_circle(results, map);
  push_apart(map.discs, 400);
  frame(map, 10);
  return map;
}

/// Where rows or columns begin, given the largest radius in each: room for it, and at least `least`.
std::vector<double> edges_of(const std::vector<double>& radii, double start, double least) {
  std::vector<double> edges = {start};
  for (const double radius : radii) edges.push_back(edges.back() + std::max(least, 2 * radius + 6));
  return edges;
}

/// Numbers things in the order in which they first occur.
std::size_t number_of(std::vector<std::uint32_t>& known, std::uint32_t thing) {
  const auto found = std::find(known.begin(), known.end(), thing);
  if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
  known.push_back(thing);
  return known.size() - 1;
}

/// Networks are rows and sites are columns, in the order in which they first occur.
Map map_of_groups(const Results& results) {
  Map map;
  map.groups = true;
  std::vector<std::uint32_t> sites, networks;
  std::map<std::pair<std::size_t, std::size_t>, std::uint32_t> places;  // by column and row
  for (const SegmentInfo& segment : results.segments) {
    const std::pair at(number_of(sites, segment.site), number_of(networks, segment.network));
    const auto [found, is_new] = places.emplace(at, static_cast<std::uint32_t>(places.size()));
    if (is_new) {
      map.hosts.push_back(0);
      map.names.push_back(results.networks[segment.network] + ", " + results.sites[segment.site]);
    }
    map.hosts[found->second] += segment.hosts;
    map.place_of_segment.push_back(found->second);
  }
  const auto most = static_cast<double>(*std::max_element(map.hosts.begin(), map.hosts.end()));
  std::vector<double> widest(sites.size()), tallest(networks.size());
  map.discs.resize(map.hosts.size());
  for (const auto& [at, place] : places) {
    const double radius = std::max(7.0, 50 * root(static_cast<double>(map.hosts[place]) / std::max(1.0, most)));
    map.discs[place].radius = radius;
    widest[at.first] = std::max(widest[at.first], radius);
    tallest[at.second] = std::max(tallest[at.second], radius);
  }
  const std::vector<double> columns = edges_of(widest, 130, 90), rows = edges_of(tallest, 36, 34);
  const auto middle = [](const std::vector<double>& edges, std::size_t i) { return (edges[i] + edges[i + 1]) / 2; };
  for (const auto& [at, place] : places) {
    map.discs[place].x = middle(columns, at.first);
    map.discs[place].y = middle(rows, at.second);
  }
  for (std::size_t s = 0; s < sites.size(); ++s)
    map.labels.push_back({middle(columns, s), 20, results.sites[sites[s]], true});
  for (std::size_t n = 0; n < networks.size(); ++n)
    map.labels.push_back({columns[0] - 10, middle(rows, n), results.networks[networks[n]], false});
  map.width = columns.back() + 10;
  map.height = rows.back() + 10;
  return map;
}

}  // namespace

void push_apart(std::vector<Disc>& discs, int rounds) {
  const double cell = 2 * largest(discs) + gap;
  bool moved = true;
  for (int round = 0; round < rounds && moved; ++round) {
    moved = false;
    Grid(discs, cell).each_pair([&](std::size_t a, std::size_t b) { moved = part(discs[a], discs[b]) || moved; });
  }
  // What is left over gives way in size.
  std::vector<double> fits(discs.size(), 1);
  Grid(discs, cell).each_pair([&](std::size_t a, std::size_t b) {
    const double dx = discs[b].x - discs[a].x, dy = discs[b].y - discs[a].y;
    const double fit = root(dx * dx + dy * dy) / (discs[a].radius + discs[b].radius);
    fits[a] = std::min(fits[a], fit), fits[b] = std::min(fits[b], fit);
  });
  for (std::size_t i = 0; i < discs.size(); ++i) discs[i].radius *= fits[i];
}

Map lay_out(const Results& results, Names names) {
  return results.organisations.size() == 1 && !results.segments.empty() ? map_of_groups(results)
                                                                        : map_of_organisations(results, names);
}

}  // namespace trustfall
