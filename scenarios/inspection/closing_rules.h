#pragma once

#include <string>
#include <vector>

#include "models/model.h"

namespace trustfall {

/// A rule as a planner writes it: one network of one group of organisations, one zone, one direction.
struct ClosingRule {
  std::string zone;
  FirewallRule::Direction direction;
  std::string group;
  std::string network;
};

/// The smallest set of closing rules that keeps every entry of a scenario from the hosts in question.
struct ClosingRules {
  std::vector<ClosingRule> rules;
  std::vector<std::size_t> past;  // entries from which they are reached past every rule, as by mail or by stick;
                                  // there are no rules that would do then
};

/// Whatever may be open in some replicate or at some time counts as open, and whatever may be vulnerable as
/// vulnerable, so that with these rules behind those of the scenario none of the hosts is infected in any replicate.
///
/// Organisations of a group are taken together, and so are the pools of a zone that share a network of a group: a way
/// that only two different organisations would make up counts as one, and the set may then be larger than needed.
ClosingRules closing_rules(const Model& model, const Where& protect);

/// The rule as an entry of the section `firewalls`, without its name.
std::string yaml_of(const ClosingRule& rule);

}  // namespace trustfall
