#include "scenarios/parts.h"

#include <algorithm>

#include "scenarios/date.h"
#include "scenarios/names.h"

namespace trustfall {
namespace {

template <class Known, class Listed>
std::vector<Known> kinds_of(const Listed& listed) {
  std::vector<Known> kinds;
  for (const int kind : listed) kinds.push_back(static_cast<Known>(kind));
  return kinds;
}

}  // namespace

Parts::Parts(Document& document, const Estate& estate) : document_(&document), estate_(&estate) {
  for (std::uint32_t s = 0; s < estate.sites(); ++s) sites_.insert(estate[SiteId{s}].name);
  for (std::uint32_t o = 0; o < estate.organisations(); ++o) {
    const Organisation& of = estate[OrganisationId{o}];
    codes_.insert(of.code);
    if (!of.region.empty()) regions_.insert(of.region);
  }
}

Selector Parts::selector(bool said, const schema::Where& where, const std::string& path) const {
  Where plain;
  if (said) {
    plain.kinds = kinds_of<OrganisationKind>(where.kinds());
    plain.groups = {where.organisations().begin(), where.organisations().end()};
    plain.codes = known(where.codes(), codes_, path + ".codes", "organisation with the code");
    plain.regions = known(where.regions(), regions_, path + ".regions", "region");
    plain.sites = known(where.sites(), sites_, path + ".sites", "site");
    plain.networks = {where.networks().begin(), where.networks().end()};
    if (where.devices_size() > 0) plain.devices = 0;
    for (const int device : where.devices()) plain.devices |= only(static_cast<DeviceClass>(device));
    if (where.systems_size() > 0) plain.systems = 0;
    for (const int system : where.systems()) plain.systems |= only(static_cast<System>(system));
  }
  Selector selector(*estate_, plain);
  if (said && !any_host(selector))
    report(*document_, path, "no host of the estate is in this part", {}, Severity::warning);
  return selector;
}

LocalStart Parts::start() const {
  LocalStart start = local_start(scenario().start());
  if (scenario().has_weekday()) start.weekday = scenario().weekday();
  return start;
}

std::uint16_t Parts::zone_kind(const std::string& name) const {
  const auto& kinds = estate_->zone_kinds();
  return static_cast<std::uint16_t>(std::find(kinds.begin(), kinds.end(), name) - kinds.begin());
}

/// Names that the lists may bring, so that only the estate can tell whether they exist.
std::vector<std::string> Parts::known(const google::protobuf::RepeatedPtrField<std::string>& said,
                                      const std::set<std::string>& names, const std::string& path,
                                      const std::string& what) const {
  for (int i = 0; i < said.size(); ++i)
    if (names.count(said[i]) == 0)
      report(*document_, path + "." + std::to_string(i), "there is no " + what + " '" + said[i] + "' in the estate",
             nearest(said[i], {names.begin(), names.end()}));
  return {said.begin(), said.end()};
}

bool Parts::any_host(const Selector& selector) const {
  for (std::uint32_t s = 0; s < estate_->segments(); ++s) {
    if (!selector.covers(SegmentId{s})) continue;
    const auto last = static_cast<std::uint32_t>(estate_->last_host(SegmentId{s}));
    for (auto h = static_cast<std::uint32_t>(estate_->first_host(SegmentId{s})); h < last; ++h)
      if (selector.covers(SegmentId{s}, estate_->device(HostId{h}), estate_->system(HostId{h}))) return true;
  }
  return false;
}

}  // namespace trustfall
