#include "scenarios/validation.h"

#include "scenarios/validation_equations.h"
#include "scenarios/validation_links.h"
#include "scenarios/validation_plays.h"

namespace trustfall {
namespace {

constexpr ValidationPart parts[] = {
    {"V1", [](int) { return constant_spread_rows(); }},
    {"V1", constant_spread_plays},
    {"V2", scan_rate_plays},
    {"V4", [](int) { return two_factor_rows(); }},
    {"V5", [](int) { return active_worm_rows(); }},
    {"V6", [](int) { return lasting_active_worm_rows(); }},
    {"V7", [](int) { return slammer_rows(); }},
    {"V8", [](int) { return branching_rows(); }},
    {"V8", branching_plays},
    {"V10", [](int) { return siidr_rows(); }},
    {"V11", [](int) { return adoption_rows(); }},
    {"A1", final_size_plays},
    {"A2", exact_chain_plays},
    {"A3", mean_field_plays},
    {"A4", random_graph_plays},
    {"A5", linked_chain_plays},
    {"A6", ring_plays},
};

}  // namespace

std::span<const ValidationPart> validation_parts() { return parts; }

}  // namespace trustfall
