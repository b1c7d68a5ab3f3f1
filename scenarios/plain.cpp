#include "scenarios/plain.h"

#include <initializer_list>

namespace trustfall {
namespace {

constexpr const char* contacts = "contacts";

struct Rate {
  std::string name;
  const char* meaning;
  const char* superfluous;
};

void check_rate(Document& document, bool said, bool needed, const Rate& rate) {
  if (needed && !said) report(document, "plain", "plain lacks " + rate.name + ": " + rate.meaning);
  if (said && !needed) report(document, "plain." + rate.name, rate.superfluous);
}

void check(Document& document, const schema::Plain& plain) {
  const schema::Scenario& scenario = document.scenario;
  for (const auto& [said, name] : {std::pair(scenario.has_estate(), "estate"), std::pair(scenario.has_worm(), "worm"),
                                   std::pair(scenario.entries_size() > 0, "entries")})
    if (said) report(document, name, std::string("`plain` stands for `") + name + "` too: leave one of them out");
  if (plain.graph().has_file() && plain.has_hosts())
    report(document, "plain.hosts", "the file of the graph says how many hosts there are");
  if (plain.has_graph() && !plain.graph().has_file() && !plain.has_hosts())
    report(document, "plain", "plain lacks hosts: how many a graph by recipe has");
  const auto model = plain.model();
  check_rate(document, plain.has_removal(), model != schema::si,
             {"removal", "the rate at which infectious hosts are removed, or can be infected again",
              "hosts of the model si are not removed: leave removal out, or write `model: sir`"});
  check_rate(document, plain.has_incubation(), model == schema::seir,
             {"incubation", "the rate at which infected hosts become infectious",
              "only hosts of the model seir have an incubation: leave it out, or write `model: seir`"});
  check_rate(document, plain.has_dormancy(), model == schema::siidr,
             {"dormancy", "the rate at which infectious hosts fall dormant",
              "only hosts of the model siidr fall dormant: leave it out, or write `model: siidr`"});
  check_rate(document, plain.has_awakening(), model == schema::siidr,
             {"awakening", "the rate at which dormant hosts are infectious again",
              "only hosts of the model siidr awake: leave it out, or write `model: siidr`"});
}

void write_estate(const schema::Plain& plain, schema::Estate& estate) {
  schema::OrganisationGroup& group = *estate.add_organisations();
  group.set_name("graph");
  group.set_kind(schema::company);
  group.set_count(1);
  schema::Network& network = *group.add_networks();
  network.set_name("hosts");
  if (plain.graph().has_file())
    network.set_hosts_from(contacts);
  else
    network.set_hosts(plain.has_hosts() ? plain.hosts() : 1);  // what is missing has been told
  network.set_segment_size(100000000);
  schema::DeviceShare& device = *network.add_devices();
  device.set_device(schema::workstation);
  device.set_share(1);
  schema::SystemMix& mix = *estate.add_systems();
  mix.set_device(schema::workstation);
  mix.set_windows_7(1);
  schema::LinkGroup& links = *estate.add_links();
  links.set_name(contacts);
  *links.mutable_graph() = plain.graph();
}

void write_worm(const schema::Plain& plain, schema::Worm& worm) {
  schema::Transmission& links = *worm.add_links();
  links.set_links(contacts);
  links.mutable_time()->set_exponential(1 / plain.transmission());
  schema::Chance& chance = *worm.add_chances();
  chance.set_system(schema::windows_7);
  chance.set_infect(1);
  if (plain.has_incubation()) worm.mutable_latency()->set_exponential(1 / plain.incubation());
  if (plain.has_removal()) worm.mutable_active_for()->set_exponential(1 / plain.removal());
  if (plain.has_dormancy()) worm.mutable_dormancy()->mutable_after()->set_exponential(1 / plain.dormancy());
  if (plain.has_awakening()) worm.mutable_dormancy()->mutable_lasts()->set_exponential(1 / plain.awakening());
  if (plain.model() == schema::sis) worm.set_reinfects(true);
}

}  // namespace

void expand_plain(Document& document) {
  schema::Scenario& scenario = document.scenario;
  if (!scenario.has_plain()) return;
  const schema::Plain plain = scenario.plain();
  check(document, plain);
  scenario.clear_plain();
  scenario.clear_estate();
  scenario.clear_worm();
  scenario.clear_entries();
  write_estate(plain, *scenario.mutable_estate());
  write_worm(plain, *scenario.mutable_worm());
  schema::Entry& seeds = *scenario.add_entries();
  seeds.set_name("seeds");
  seeds.mutable_hosts()->set_count(plain.seeds());
  // What is wrong with a part is shown where the section stands that it comes from.
  if (const auto place = document.places.find("plain"); place != document.places.end())
    for (const char* part : {"estate", "worm", "entries"}) document.places[part] = place->second;
}

}  // namespace trustfall
