#pragma once

#include <iosfwd>
#include <string>

#include "sim/study/results.h"
#include "viz_export/tables.h"

namespace trustfall {

/// The trust network as an undirected graph: a node for each organisation, with its row of organisations_table
/// (chances and means once for each strategy, as `chance_infected_<strategy>`), an edge for each link.
void write_network_graphml(const Results& results, Names names, std::ostream& out);

/// The infection tree of a kept replicate as a directed graph: a node for each infected host, with hours since the
/// scenario's start at which things happened to it, an edge from the host that infected it. A host that the worm
/// reached otherwise has no edge to it. Sites of pseudonyms are numbered.
void write_tree_graphml(const Results& results, std::size_t strategy, const KeptTrace& kept, Names names,
                        std::ostream& out);

/// File name of a tree: `tree-baseline-50.graphml`. What is no letter, digit, `_` or `-` in the strategy's name
/// becomes
/// `-`; where that makes two strategies alike, their numbers are added.
std::string tree_file(const Results& results, std::size_t strategy, const KeptTrace& kept);

}  // namespace trustfall
