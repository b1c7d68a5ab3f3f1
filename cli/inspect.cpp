#include <algorithm>
#include <iostream>
#include <sstream>

#include "cli/inspection.h"
#include "cli/verbs.h"
#include "sim/base/error.h"

namespace trustfall {
namespace {

struct InspectOptions : StudyRequest {
  std::vector<std::string> protect;
};

/// The device classes by name.
std::vector<std::string> device_names() {
  std::vector<std::string> names;
  for (int d = 0; d < device_classes; ++d) names.emplace_back(name_of(static_cast<DeviceClass>(d)));
  return names;
}

bool is_among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Adds what a name stands for: of a device class, of a network, or of whichever it is.
void add_name(const std::string& name, const std::string& kind, const Estate& estate, Where& where) {
  const std::vector<std::string> devices = device_names();
  const bool is_device = kind != "networks" && is_among(devices, name);
  const bool is_network = kind != "devices" && is_among(estate.networks(), name);
  if (is_device && is_network)
    throw CLI::ValidationError(
        "--protect", "'" + name + "' is a device class and a network: say devices=" + name + " or networks=" + name);
  if (is_device)
    where.devices |=
        only(static_cast<DeviceClass>(std::find(devices.begin(), devices.end(), name) - devices.begin()));
  if (is_network) where.networks.push_back(name);
  if (is_device || is_network) return;
  std::vector<std::string> known;
  if (kind != "networks") known = devices;
  if (kind != "devices") known.insert(known.end(), estate.networks().begin(), estate.networks().end());
  const std::string near = nearest(name, known);
  throw CLI::ValidationError("--protect", "there is no device class or network '" + name + "'" +
                                              (near.empty() ? "" : "; did you mean " + near + "?"));
}

/// The part of the estate that `devices=NAME,NAME`, `networks=NAME` and names alone say together.
Where part_of(const std::vector<std::string>& words, const Estate& estate) {
  Where where;
  where.devices = 0;
  for (const std::string& word : words) {
    const std::size_t sign = word.find('=');
    const std::string kind = sign == std::string::npos ? "" : word.substr(0, sign);
    if (sign != std::string::npos && kind != "devices" && kind != "networks")
      throw CLI::ValidationError("--protect", "'" + kind + "' is neither devices nor networks");
    std::istringstream names(word.substr(sign == std::string::npos ? 0 : sign + 1));
    for (std::string name; std::getline(names, name, ',');) add_name(name, kind, estate, where);
  }
  if (where.devices == 0 && where.networks.empty()) throw CLI::ValidationError("--protect", "names nothing");
  if (where.devices == 0) where.devices = all_devices;
  return where;
}

/// What inspect leaves out, so that nobody thinks it counted.
void warn_of_what_is_left_out(const Document& said) {
  const schema::Scenario& scenario = said.scenario;
  std::string left_out;
  const auto add = [&](bool there, const char* what) {
    if (there) left_out += (left_out.empty() ? "" : ", ") + std::string(what);
  };
  add(scenario.orders_size() > 0, "orders");
  add(scenario.detection().has_antivirus(), "antivirus signatures");
  add(scenario.detection().attended_size() > 0, "hours in which nobody notices anything");
  add(scenario.worm().kill_switch().variants_size() > 0, "variants of the worm");
  if (!left_out.empty()) std::cerr << "warning: inspect leaves out " << left_out << "\n";
}

/// What is said of reproduction and coverage would be wrong for these worms.
void refuse_what_is_unknown(const Document& said) {
  const schema::Worm& worm = said.scenario.worm();
  Document document = said;
  if (worm.has_dormancy())
    report(document, "worm.dormancy", "inspect does not know how long a worm is silent", "play it: trustfall run");
  if (worm.reinfects() && worm.links_size() > 0)
    report(document, "worm.reinfects",
           "inspect does not know that a host can be infected again by the one it infected",
           "play it: trustfall run");
  throw_if_mistaken(document);
}

int inspect_scenario(InspectOptions& options) {
  const Prepared prepared = prepare(options);
  refuse_what_is_unknown(prepared.document);
  warn_of_what_is_left_out(prepared.document);
  std::optional<Where> protect;
  if (!options.protect.empty()) protect = part_of(options.protect, prepared.experiment->estate);
  const auto inspection = inspect(options, prepared, protect);
  if (!inspection) return interrupted;
  std::cout << (options.json ? inspection_json(*inspection, prepared, options.names()) + "\n"
                             : inspection_text(*inspection, prepared, options.names()));
  return inspection->reproduction.size() < prepared.experiment->replicates ? interrupted : done;
}

}  // namespace

void add_inspect(CLI::App& app, Action& action) {
  auto options = std::make_shared<InspectOptions>();
  options->replicates = 20;
  CLI::App* verb = app.add_subcommand(
      "inspect", "Say who can reach whom, whether the worm can spread, and which rules would cut it off.");
  add_study_options(*verb, *options);
  for (const char* unused : {"--out", "--replace", "--dry-run", "--quiet"})
    verb->remove_option(verb->get_option(unused));
  verb->get_option("--replicates")->description("How many replicates to look at; 20");
  verb->add_option("--protect", options->protect,
                   "Find the fewest firewall rules that keep the worm from these: a device class or a network, or "
                   "devices=NAME,NAME networks=NAME")
      ->type_name("PART")
      ->allow_extra_args(false);
  verb->footer(
      "Examples:\n"
      "  trustfall inspect scenarios/nhs-2017.yaml\n"
      "  trustfall inspect scenarios/district-hospital.yaml --protect data_centre_server\n"
      "  trustfall inspect scenarios/district-hospital.yaml --protect devices=imaging --json");
  verb->callback([options, &action] { action = [options] { return inspect_scenario(*options); }; });
}

}  // namespace trustfall
