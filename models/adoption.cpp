#include "models/adoption.h"

#include <algorithm>
#include <limits>

#include "sim/base/numeric.h"

namespace trustfall {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

using Points = std::vector<Adoption::Point>;

/// The point before, which for the first is that nobody has the patch when it comes out.
Adoption::Point before(const Points& points, Points::const_iterator at) {
  return at == points.begin() ? Adoption::Point{0, 0} : at[-1];
}

double coverage_in(const Points& points, double age) {
  const auto after = std::find_if(points.begin(), points.end(), [&](const auto& p) { return p.age > age; });
  if (after == points.end()) return points.empty() ? 0 : points.back().coverage;
  const Adoption::Point last = before(points, after);
  return last.coverage + (after->coverage - last.coverage) * (age - last.age) / (after->age - last.age);
}

double age_in(const Points& points, double coverage) {
  const auto after = std::find_if(points.begin(), points.end(), [&](const auto& p) { return p.coverage > coverage; });
  if (after == points.end()) return infinite;
  const Adoption::Point last = before(points, after);
  return last.age + (after->age - last.age) * (coverage - last.coverage) / (after->coverage - last.coverage);
}

}  // namespace

double Adoption::coverage_at(double age) const {
  if (shape == Shape::table) return coverage_in(points, age);
  if (shape == Shape::logistic) return 1 / (1 + exponential(-(age - scale) / spread));
  if (age <= 0) return 0;
  return 1 - exponential(-exponential(spread * natural_log(age / scale)));
}

double Adoption::age_at(double coverage) const {
  if (shape == Shape::table) return age_in(points, coverage);
  if (coverage >= 1) return infinite;
  if (coverage <= 0) return shape == Shape::logistic ? -infinite : 0;
  if (shape == Shape::logistic) return scale + spread * natural_log(coverage / (1 - coverage));
  return scale * exponential(natural_log(-natural_log(1 - coverage)) / spread);
}

}  // namespace trustfall
