#include <catch2/catch.hpp>

#include <set>

#include "tests/support/world.h"

using namespace trustfall;
using namespace trustfall::small;
using Pool = EstateBuilder::Pool;

namespace {

/// Two trusts and a practice:
///   A: site north (segments 0: 2 hosts, 1: 1 host), site south (segment 2: 3 hosts)
///   B: one site (segments 3: none, 4: 70 hosts)
///   P: one site (segment 5: 1 host)
EstateBuilder three_owners() {
  EstateBuilder builder;
  builder.add_organisation(organisation("A"));
  builder.add_site("north");
  add_lan(builder, {{{2, DeviceClass::workstation}}, "office"});
  add_lan(builder, {{{1, DeviceClass::server, System::server_2008_r2}}, "servers"});
  builder.add_site("south");
  add_lan(builder, {{{1, DeviceClass::workstation}, {2, DeviceClass::imaging, System::windows_xp}}, "clinical"});
  add_organisation(builder, "B", {{{}, "empty"}, {{{70}}, "office"}});
  add_organisation(builder, "P", {{{{1}}, "office"}}, OrganisationKind::practice, "practices");
  return builder;
}

/// Segments of a zone, in order.
std::vector<std::size_t> segments_of(const Estate& estate, std::size_t z) {
  std::vector<std::size_t> found;
  for (std::uint32_t m = estate[zone(z)].first; m < estate[zone(z)].last; ++m)
    found.push_back(index(estate.memberships()[m].segment));
  return found;
}

using Segments = std::vector<std::size_t>;

}  // namespace

TEST_CASE("Hosts stand by segment, segments by site, sites by organisation") {
  EstateBuilder builder = three_owners();
  CHECK(builder.hosts() == 77);
  const Estate estate = builder.build();
  CHECK(estate.hosts() == 77);
  CHECK(estate.segments() == 6);
  CHECK(estate.sites() == 4);
  CHECK(estate.organisations() == 3);

  const std::size_t first[] = {0, 2, 3, 6, 6, 76};
  const std::size_t last[] = {2, 3, 6, 6, 76, 77};
  const std::size_t site[] = {0, 0, 1, 2, 2, 3};
  const std::size_t owner[] = {0, 0, 0, 1, 1, 2};
  for (std::size_t s = 0; s < 6; ++s) {
    CHECK(index(estate.first_host(segment(s))) == first[s]);
    CHECK(index(estate.last_host(segment(s))) == last[s]);
    CHECK(index(estate[segment(s)].site) == site[s]);
    CHECK(index(estate[segment(s)].organisation) == owner[s]);
    for (std::size_t h = first[s]; h < last[s]; ++h) {
      CHECK(estate.segment_of(host(h)) == segment(s));
      CHECK(estate.organisation_of(host(h)) == org(owner[s]));
    }
  }
  CHECK(estate.hosts_of(org(0)) == 6);
  CHECK(estate.hosts_of(org(1)) == 70);
  CHECK(estate.hosts_of(org(2)) == 1);
  CHECK(index(estate.first_segment(org(1))) == 3);
  CHECK(index(estate.last_segment(org(1))) == 5);
  CHECK(estate[SiteId{1}].name == "south");
  CHECK(estate[org(2)].kind == OrganisationKind::practice);
  CHECK(estate.networks()[estate[segment(2)].network] == "clinical");
  CHECK(estate[segment(0)].network == estate[segment(4)].network);
  CHECK(estate.device(host(2)) == DeviceClass::server);
  CHECK(estate.system(host(2)) == System::server_2008_r2);
  CHECK(estate.device(host(3)) == DeviceClass::workstation);
  CHECK(estate.device(host(5)) == DeviceClass::imaging);
}

TEST_CASE("segment_of is right over runs of tiny, empty and large segments") {
  EstateBuilder builder;
  builder.add_organisation(organisation("A"));
  builder.add_site("site");
  // Sizes around the block of 64, with runs of single hosts and of nothing.
  std::vector<std::size_t> sizes = {0, 1, 1, 0, 63, 64, 65, 0, 0, 1, 128, 1, 1000, 0, 2, 62, 0, 1};
  for (int i = 0; i < 200; ++i) sizes.push_back(i % 5 == 0 ? 0 : 1);
  sizes.push_back(0);
  std::vector<std::size_t> expected;
  for (std::size_t s = 0; s < sizes.size(); ++s) {
    add_lan(builder, {{{sizes[s]}}, "n"});
    expected.insert(expected.end(), sizes[s], s);
  }
  const Estate estate = builder.build();
  REQUIRE(estate.hosts() == expected.size());
  std::size_t wrong = 0;
  for (std::size_t h = 0; h < expected.size(); ++h) wrong += index(estate.segment_of(host(h))) != expected[h];
  CHECK(wrong == 0);
}

TEST_CASE("A pool makes one zone for each segment, site or organisation, or one for all") {
  EstateBuilder builder = three_owners();
  const auto all = all_of(builder);
  builder.add_zones("segment", Pool::each_segment, 254, all);
  builder.add_zones("site", Pool::each_site, 1000, all);
  builder.add_zones("organisation", Pool::each_organisation, 5000, all);
  builder.add_zones("everyone", Pool::everyone, 1e6, all);
  const Estate estate = builder.build();

  REQUIRE(estate.zones() == 6 + 4 + 3 + 1);
  CHECK(estate.zone_kinds() == std::vector<std::string>{"segment", "site", "organisation", "everyone"});
  for (std::size_t s = 0; s < 6; ++s) CHECK(segments_of(estate, s) == Segments{s});
  CHECK(segments_of(estate, 6) == Segments{0, 1});
  CHECK(segments_of(estate, 7) == Segments{2});
  CHECK(segments_of(estate, 8) == Segments{3, 4});
  CHECK(segments_of(estate, 9) == Segments{5});
  CHECK(segments_of(estate, 10) == Segments{0, 1, 2});
  CHECK(segments_of(estate, 11) == Segments{3, 4});
  CHECK(segments_of(estate, 12) == Segments{5});
  CHECK(segments_of(estate, 13) == Segments{0, 1, 2, 3, 4, 5});
  CHECK(estate[zone(0)].hosts == 2);
  CHECK(estate[zone(11)].hosts == 70);
  CHECK(estate[zone(13)].hosts == 77);
  CHECK(estate[zone(13)].kind == 3);
}

TEST_CASE("A segment lists its zones in the order in which the kinds were added") {
  EstateBuilder builder = three_owners();
  builder.add_zones("everyone", Pool::everyone, 1e6, all_of(builder));
  builder.add_zones("segment", Pool::each_segment, 254, all_of(builder));
  const Estate estate = builder.build();
  for (std::size_t s = 0; s < 6; ++s) {
    const auto zones = estate.zones_of(segment(s));
    REQUIRE(zones.size() == 2);
    CHECK(zones[0].zone == zone(0));
    CHECK(zones[1].zone == zone(1 + s));
    for (const auto& [membership, z] : zones) CHECK(membership == membership_of(estate, segment(s), z));
  }
}

TEST_CASE("Only organisations that belong are in a zone") {
  EstateBuilder builder = three_owners();
  builder.add_zones("everyone", Pool::everyone, 100, {1, 0, 1});
  builder.add_zones("segment", Pool::each_segment, 10, {0, 0, 1});
  builder.add_zones("nobody", Pool::each_organisation, 10, {0, 0, 0});
  const Estate estate = builder.build();
  REQUIRE(estate.zones() == 2);
  CHECK(segments_of(estate, 0) == Segments{0, 1, 2, 5});
  CHECK(segments_of(estate, 1) == Segments{5});
  CHECK(estate.zones_of(segment(4)).empty());
}

TEST_CASE("A zone has at least as many addresses as hosts") {
  EstateBuilder builder = three_owners();
  builder.add_zones("narrow", Pool::everyone, 10, all_of(builder));
  builder.add_zones("wide", Pool::everyone, 4294967296.0, all_of(builder));
  const Estate estate = builder.build();
  CHECK(estate[zone(0)].addresses == 77);
  CHECK(estate[zone(1)].addresses == 4294967296.0);
}

TEST_CASE("A connection makes a zone of each group that it joins, directly or through others") {
  EstateBuilder builder;
  for (int o = 0; o < 7; ++o) add_organisation(builder, std::string(1, static_cast<char>('A' + o)), {{{{2}}, "n"}});
  // 0 - 3 - 5, 1 - 2, 4 and 6 alone; another connection joins 4 and 6.
  builder.connect("vpn", org(3), org(0));
  builder.connect("vpn", org(5), org(3));
  builder.connect("vpn", org(1), org(2));
  builder.connect("imaging", org(4), org(6));
  builder.add_connected_zones("community", "vpn", 100, all_of(builder));
  builder.add_connected_zones("imaging", "imaging", 100, all_of(builder));
  builder.add_connected_zones("unknown", "no such connection", 100, all_of(builder));
  const Estate estate = builder.build();
  REQUIRE(estate.zones() == 3);
  CHECK(segments_of(estate, 0) == Segments{0, 3, 5});
  CHECK(segments_of(estate, 1) == Segments{1, 2});
  CHECK(segments_of(estate, 2) == Segments{4, 6});
  CHECK(estate[zone(0)].hosts == 6);
  CHECK(estate[zone(2)].kind == 1);
}

TEST_CASE("An organisation that does not belong is left out of a connected zone, though it joins the others") {
  EstateBuilder builder;
  for (int o = 0; o < 3; ++o) add_organisation(builder, std::string(1, static_cast<char>('A' + o)), {{{{2}}, "n"}});
  builder.connect("vpn", org(0), org(1));
  builder.connect("vpn", org(1), org(2));
  builder.add_connected_zones("community", "vpn", 100, {1, 0, 1});
  const Estate estate = builder.build();
  REQUIRE(estate.zones() == 1);
  CHECK(segments_of(estate, 0) == Segments{0, 2});
}

TEST_CASE("A medical device's model is one number wherever it stands, 0 for other hosts") {
  EstateBuilder builder;
  builder.add_organisation(organisation("A"));
  builder.add_site("s");
  builder.add_segment("n");
  builder.add_host(DeviceClass::workstation, System::windows_7);
  builder.add_host(DeviceClass::imaging, System::windows_xp, "vendor 1 model 1");
  builder.add_host(DeviceClass::workstation, System::windows_7);
  builder.add_host(DeviceClass::infusion, System::windows_xp, "vendor 2 model 1");
  builder.add_host(DeviceClass::imaging, System::windows_xp, "vendor 1 model 1");
  const Estate estate = builder.build();
  CHECK(estate.model(host(0)) == 0);
  CHECK(estate.model(host(1)) == 1);
  CHECK(estate.model(host(2)) == 0);
  CHECK(estate.model(host(3)) == 2);
  CHECK(estate.model(host(4)) == 1);
  CHECK(estate.models() == std::vector<std::string>{"", "vendor 1 model 1", "vendor 2 model 1"});
  CHECK(one_segment(3, 3).model(host(2)) == 0);
}

TEST_CASE("A selector takes hosts that match every line, and all where nothing is said") {
  const Estate estate = three_owners().build();
  const auto found = [&](const Where& where) {
    std::vector<std::size_t> hosts;
    for (const HostId h : Selector(estate, where).hosts(estate)) hosts.push_back(index(h));
    return hosts;
  };
  using Hosts = std::vector<std::size_t>;
  CHECK(found({}).size() == 77);
  Where where;
  where.kinds = {OrganisationKind::practice};
  CHECK(found(where) == Hosts{76});
  where = {};
  where.groups = {"practices", "nobody"};
  CHECK(found(where) == Hosts{76});
  where = {};
  where.codes = {"A"};
  CHECK(found(where) == Hosts{0, 1, 2, 3, 4, 5});
  where.sites = {"south"};
  CHECK(found(where) == Hosts{3, 4, 5});
  where.devices = only(DeviceClass::imaging);
  CHECK(found(where) == Hosts{4, 5});
  where.systems = only(System::windows_7);
  CHECK(found(where).empty());
  where = {};
  where.networks = {"servers", "clinical"};
  CHECK(found(where) == Hosts{2, 3, 4, 5});
  where.systems = static_cast<SystemSet>(only(System::windows_xp) | only(System::server_2008_r2));
  CHECK(found(where) == Hosts{2, 4, 5});
  where = {};
  where.codes = {"nobody"};
  CHECK(found(where).empty());
}

TEST_CASE("A selector covers a segment or not, and a host of it by device and system") {
  const Estate estate = three_owners().build();
  Where where;
  where.codes = {"A"};
  where.devices = static_cast<DeviceSet>(only(DeviceClass::server) | only(DeviceClass::imaging));
  where.systems = static_cast<SystemSet>(all_systems & ~only(System::windows_xp));
  const Selector selector(estate, where);
  CHECK(selector.covers(segment(0)));
  CHECK_FALSE(selector.covers(segment(4)));
  CHECK(selector.covers(segment(0), DeviceClass::server, System::windows_7));
  CHECK_FALSE(selector.covers(segment(0), DeviceClass::workstation, System::windows_7));
  CHECK_FALSE(selector.covers(segment(0), DeviceClass::server, System::windows_xp));
  CHECK_FALSE(selector.covers(segment(4), DeviceClass::server, System::windows_7));
  CHECK(selector.devices() == where.devices);
}

TEST_CASE("Every device class is in one tier, and the names are all different") {
  const Tier expected[device_classes] = {Tier::terminals,       Tier::terminals,       Tier::servers,
                                         Tier::data_centre,     Tier::servers,         Tier::servers,
                                         Tier::medical_devices, Tier::medical_devices, Tier::medical_devices,
                                         Tier::medical_devices, Tier::medical_devices, Tier::terminals};
  std::set<std::string_view> names;
  DeviceSet seen = 0;
  for (int d = 0; d < device_classes; ++d) {
    const auto device = static_cast<DeviceClass>(d);
    CHECK(tier_of(device) == expected[d]);
    CHECK(is_medical(device) == (expected[d] == Tier::medical_devices));
    names.insert(name_of(device));
    CHECK((seen & only(device)) == 0);
    seen |= only(device);
  }
  CHECK(seen == all_devices);
  for (int s = 0; s < systems; ++s) names.insert(name_of(static_cast<System>(s)));
  CHECK(names.size() == static_cast<std::size_t>(device_classes + systems));
  CHECK(names.count("") == 0);
  CHECK(name_of(DeviceClass::mobile) == "mobile");
  CHECK(name_of(System::no_windows) == "no_windows");
  CHECK(name_of(OrganisationKind::practice) == "practice");
  CHECK(name_of(Tier::data_centre) == "data_centre");
}
