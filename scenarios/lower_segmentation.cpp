#include <algorithm>

#include "scenarios/lower_parts.h"

namespace trustfall {
namespace {

bool lets_worm_through(const schema::AllowTo& cell) {
  const auto& services = cell.services();
  return std::any_of(services.begin(), services.end(),
                     [](int service) { return service == schema::AllowTo::smb || service == schema::AllowTo::all; });
}

/// By network of the estate: whether the row is closed to the worm there.
std::vector<std::uint8_t> closed_in(const Estate& estate, const schema::AllowFrom& row) {
  std::vector<std::uint8_t> closed(estate.networks().size(), 1);
  for (const schema::AllowTo& cell : row.to())
    for (std::size_t n = 0; n < closed.size(); ++n)
      if (estate.networks()[n] == cell.network() && lets_worm_through(cell)) closed[n] = 0;
  return closed;
}

/// A row as a rule: attempts from its network stop before the networks that it does not open.
FirewallRule rule_of(const Parts& parts, const schema::Segmentation& said, const Selector& where,
                     const schema::AllowFrom& row) {
  const std::vector<std::string>& networks = parts.estate().networks();
  FirewallRule rule{parts.zone_kind(said.zone()), true, FirewallRule::Direction::inbound, where, {}};
  rule.where.limit_to(parts.estate(), closed_in(parts.estate(), row));
  for (const std::string& network : networks) rule.from_networks.push_back(network == row.from());
  rule.per = static_cast<FirewallRule::Unit>(said.per());
  rule.share = said.share();
  rule.misconfigured = said.misconfigured();
  rule.luck = luck_of(said.name());  // of the whole matrix: it holds with all its rows, or with none
  return rule;
}

}  // namespace

std::vector<FirewallRule> lower_segmentation(const Parts& parts) {
  std::vector<FirewallRule> rules;
  for (const schema::Segmentation& said : parts.scenario().segmentation()) {
    const Selector where = parts.selector(said.has_where(), said.where(), "segmentation." + said.name() + ".where");
    for (const schema::AllowFrom& row : said.allow()) rules.push_back(rule_of(parts, said, where, row));
  }
  return rules;
}

}  // namespace trustfall
