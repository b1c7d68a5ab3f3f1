#pragma once

#include <string>
#include <vector>

#include "sim/base/error.h"

namespace trustfall {

/// A row of a list of organisations.
struct OrganisationRow {
  std::string code;
  std::string name;
  std::string type;  // column `class`
  std::string region;
  std::string community;
  double latitude;   // degrees
  double longitude;  // degrees
  double size;       // relative to the others
};

/// A row of a list of sites.
struct SiteRow {
  std::string organisation;  // its code
  std::string name;
};

/// Reads a list of organisations (columns code, name, class, region, community, latitude, longitude, size). Mistakes
/// are appended with the line of the list; rows with mistakes are left out.
std::vector<OrganisationRow> read_organisations(const std::string& name, const std::string& content,
                                                std::vector<Mistake>& mistakes);

/// Reads a list of sites (columns organisation, name; others are ignored), in order.
std::vector<SiteRow> read_sites(const std::string& name, const std::string& content, std::vector<Mistake>& mistakes);

}  // namespace trustfall
