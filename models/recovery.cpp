#include "models/recovery.h"

#include <algorithm>
#include <cassert>

#include "models/worm.h"

namespace trustfall {
namespace {

std::uint32_t raw(OrganisationId organisation) { return static_cast<std::uint32_t>(organisation); }

constexpr std::uint64_t class_key(DeviceClass device, OrganisationId organisation) {
  return (static_cast<std::uint64_t>(device) << 32) | static_cast<std::uint64_t>(organisation);
}

constexpr std::uint64_t episode_key(HostId host, std::uint32_t episode) {
  return (static_cast<std::uint64_t>(episode) << 32) | static_cast<std::uint64_t>(host);
}

/// As later(), also where many long spans follow one another.
Instant after(Instant from, Duration span) {
  return from >= Instant{} + forever || span >= forever ? never : from + span;
}

}  // namespace

Effort effort(const RecoveryPlan& plan, const Repair& repair, Instant until) {
  if (repair.begun >= until) return {};
  const auto& shift = plan.teams[repair.team].shift;
  const Duration busy = shift ? shift->within(repair.begun, until) : until - repair.begun;
  const Duration travelled = std::min(repair.travelled, busy);
  return {travelled, std::min(repair.worked, busy - travelled)};
}

const Procedure* RecoveryPlan::procedure_for(DeviceClass device) const {
  for (const Procedure& procedure : procedures)
    if ((procedure.devices & only(device)) != 0) return &procedure;
  return nullptr;
}

std::uint8_t RecoveryPlan::rank(DeviceClass device) const {
  return static_cast<std::uint8_t>(std::find(order.begin(), order.end(), device) - order.begin());
}

Recovery::Recovery(const Estate& estate, const RecoveryPlan& plan) : estate_(&estate), plan_(&plan) {
  first_unit_.push_back(0);
  for (const Team& team : plan.teams)
    first_unit_.push_back(first_unit_.back() + static_cast<std::uint32_t>(team.hosts.size()));
  units_.resize(first_unit_.back());
  for (std::uint32_t h = 0; h < estate.hosts(); ++h)
    if (estate.device(HostId{h}) == DeviceClass::backup_server) backup_servers_.push_back(HostId{h});
}

void Recovery::reset(const Draws& draws) {
  draws_ = draws;
  for (const std::uint32_t unit : called_) units_[unit] = Unit{};
  called_.clear();
  repairs_.clear();
  queues_.clear();
  lost_.clear();
  for_server_.clear();
  line_free_.clear();
  repair_of_.clear();
}

// --- who serves whom ---

std::uint32_t Recovery::team_for(HostId host, SegmentId segment) const {
  for (std::uint32_t t = 0; t < plan_->teams.size(); ++t)
    if (plan_->teams[t].where.covers(segment, estate_->device(host), estate_->system(host))) return t;
  return Repair::none;
}

const Team& Recovery::team_of(std::uint32_t unit) const {
  const auto behind = std::upper_bound(first_unit_.begin(), first_unit_.end(), unit);
  return plan_->teams[static_cast<std::size_t>(behind - first_unit_.begin()) - 1];
}

Recovery::Key Recovery::key_of(std::uint32_t team, DeviceClass device, OrganisationId organisation) const {
  return (static_cast<Key>(team) << 40) | class_key(device, organisation);
}

Recovery::Key Recovery::key_of(const Repair& repair) const {
  return key_of(repair.team, estate_->device(repair.host), estate_->organisation_of(repair.host));
}

/// A unit is drawn when it is first called upon.
Recovery::Unit& Recovery::unit(std::uint32_t number) {
  Unit& unit = units_[number];
  if (unit.called) return unit;
  unit.called = true;
  called_.push_back(number);
  const Team& team = team_of(number);
  const auto of_team = number - first_unit_[static_cast<std::size_t>(&team - plan_->teams.data())];
  const double people = team.technicians
                            ? team.technicians->at(draws_.uniform(Purpose::technicians, of_team, team.luck))
                            : std::max(1.0, team.hosts[of_team] / team.hosts_per_technician);
  unit.technicians.resize(static_cast<std::size_t>(std::min(people, most_technicians) + 0.5));
  return unit;
}

const Repair* Recovery::repair_of(HostId host, std::uint32_t episode) const {
  const auto found = repair_of_.find(episode_key(host, episode));
  return found == repair_of_.end() ? nullptr : &repairs_[found->second];
}

std::span<const HostId> Recovery::backup_servers(OrganisationId organisation) const {
  const auto first = estate_->first_host(estate_->first_segment(organisation));
  const auto last = estate_->first_host(estate_->last_segment(organisation));
  const auto begin = std::lower_bound(backup_servers_.begin(), backup_servers_.end(), first);
  const auto end = std::lower_bound(begin, backup_servers_.end(), last);
  return std::span(backup_servers_)
      .subspan(static_cast<std::size_t>(begin - backup_servers_.begin()), static_cast<std::size_t>(end - begin));
}

// --- the queue for people ---

void Recovery::report(HostId host, std::uint32_t episode, Incident& incident) {
  const SegmentId segment = estate_->segment_of(host);
  const DeviceClass device = estate_->device(host);
  const OrganisationId organisation = (*estate_)[segment].organisation;
  const std::uint32_t team = team_for(host, segment);
  const auto number_of_repair = static_cast<std::uint32_t>(repairs_.size());
  Repair& repair = repairs_.emplace_back();
  repair.host = host;
  repair.episode = episode;
  repair.reported = incident.now();
  repair_of_[episode_key(host, episode)] = number_of_repair;
  ++lost_[class_key(device, organisation)];
  if (team == Repair::none || plan_->procedure_for(device) == nullptr) return;
  const std::uint32_t number = first_unit_[team] + plan_->teams[team].unit_of[index(organisation)];
  unit(number);
  repair.team = team;
  repair.unit = number;
  const Key key = key_of(team, device, organisation);
  queues_[key].repairs.push_back(number_of_repair);
  offer(key);
  look(number, incident);
}

/// Whether hosts of this class wait for others of their organisation.
bool Recovery::held(DeviceClass device, OrganisationId organisation) const {
  const DeviceSet needs = plan_->procedure_for(device)->needs;
  for (int d = 0; needs >> d != 0; ++d) {
    if ((needs >> d & 1) == 0) continue;
    const auto found = lost_.find(class_key(static_cast<DeviceClass>(d), organisation));
    if (found != lost_.end() && found->second > 0) return true;
  }
  return false;
}

bool Recovery::goes_later(std::uint32_t a, std::uint32_t b) const {
  const Repair& x = repairs_[a];
  const Repair& y = repairs_[b];
  const std::uint8_t rank_x = plan_->rank(estate_->device(x.host));
  const std::uint8_t rank_y = plan_->rank(estate_->device(y.host));
  if (rank_x != rank_y) return rank_x > rank_y;
  return x.reported != y.reported ? x.reported > y.reported : x.host > y.host;
}

/// Puts the next repair of a queue where its unit looks, unless it is held or is there already.
void Recovery::offer(Key key) {
  const auto found = queues_.find(key);
  if (found == queues_.end()) return;
  Queue& queue = found->second;
  if (queue.offered || queue.next == queue.repairs.size()) return;
  const std::uint32_t first = queue.repairs[queue.next];
  const Repair& repair = repairs_[first];
  if (held(estate_->device(repair.host), estate_->organisation_of(repair.host))) return;
  queue.offered = true;
  auto& ready = units_[repair.unit].ready;
  ready.push_back(first);
  std::push_heap(ready.begin(), ready.end(), [&](auto a, auto b) { return goes_later(a, b); });
}

/// The repair that goes first, or none.
std::uint32_t Recovery::take_ready(std::uint32_t unit) {
  auto& ready = units_[unit].ready;
  while (!ready.empty()) {
    std::pop_heap(ready.begin(), ready.end(), [&](auto a, auto b) { return goes_later(a, b); });
    const std::uint32_t first = ready.back();
    ready.pop_back();
    const Key key = key_of(repairs_[first]);
    Queue& queue = queues_[key];
    queue.offered = false;
    // Something it needs may have been lost since it was offered; it is offered again once that is back.
    if (held(estate_->device(repairs_[first].host), estate_->organisation_of(repairs_[first].host))) continue;
    ++queue.next;
    offer(key);
    return first;
  }
  return Repair::none;
}

/// Has the unit look for work once it is on shift, unless it is bound to do so by then.
void Recovery::look(std::uint32_t number, Incident& incident) {
  const Team& team = team_of(number);
  Instant at = incident.now();
  if (team.shift && !team.shift->on_at(at)) at = team.shift->next_change(at);
  Instant& looks_at = units_[number].looks_at;
  if (looks_at >= incident.now() && looks_at <= at) return;
  looks_at = at;
  incident.schedule(at, EventKind::dispatch, number);
}

void Recovery::dispatch(std::uint32_t number, Incident& incident) {
  Unit& unit = units_[number];
  unit.looks_at = Instant::min();
  const auto idle = [](const Technician& t) { return !t.busy; };
  while (std::any_of(unit.technicians.begin(), unit.technicians.end(), idle)) {
    const std::uint32_t repair = take_ready(number);
    if (repair == Repair::none) return;
    begin(repair, incident);
  }
}

/// Someone who is free sets out: if possible one who is there already.
void Recovery::begin(std::uint32_t number, Incident& incident) {
  Repair& repair = repairs_[number];
  const Team& team = team_of(repair.unit);
  auto& technicians = units_[repair.unit].technicians;
  const auto site = static_cast<std::uint32_t>((*estate_)[estate_->segment_of(repair.host)].site);
  auto chosen = std::find_if(technicians.begin(), technicians.end(),
                             [&](const Technician& t) { return !t.busy && t.site == site; });
  const bool there = chosen != technicians.end();
  if (!there)
    chosen = std::find_if(technicians.begin(), technicians.end(), [](const Technician& t) { return !t.busy; });
  repair.technician = static_cast<std::uint32_t>(chosen - technicians.begin());
  repair.begun = incident.now();
  if (!there && team.travel)
    repair.travelled = span_of(*team.travel, Purpose::travel, repair.host, draws_, repair.episode);
  const Procedure& procedure = *plan_->procedure_for(estate_->device(repair.host));
  repair.worked = span_of(procedure.work, Purpose::repair, repair.host, draws_, repair.episode);
  *chosen = {site, true};
  incident.isolate(repair.host);
  const Duration busy = repair.travelled + repair.worked;
  const Instant done = team.shift ? team.shift->finish(repair.begun, busy) : after(repair.begun, busy);
  incident.schedule(done, EventKind::rebuilt, number);
}

void Recovery::rebuilt(std::uint32_t number, Incident& incident) {
  Repair& repair = repairs_[number];
  repair.rebuilt = incident.now();
  units_[repair.unit].technicians[repair.technician].busy = false;
  look(repair.unit, incident);
}

// --- the queue for data ---

bool Recovery::fetch(std::uint32_t number, double bytes, Duration delay, bool on_servers, Incident& incident) {
  Repair& repair = repairs_[number];
  repair.bytes = bytes;
  repair.on_servers = on_servers && estate_->device(repair.host) != DeviceClass::backup_server;
  if (delay > Duration{}) incident.schedule(after(incident.now(), delay), EventKind::at_hand, number);
  return delay <= Duration{};
}

void Recovery::at_hand(std::uint32_t number, bool encrypted_servers, Incident& incident) {
  const OrganisationId organisation = estate_->organisation_of(repairs_[number].host);
  const auto servers = lost_.find(class_key(DeviceClass::backup_server, organisation));
  const bool out = encrypted_servers || (servers != lost_.end() && servers->second > 0);
  if (repairs_[number].on_servers && out)
    for_server_[raw(organisation)].push_back(number);
  else
    transfer(number, incident);
}

std::vector<std::uint32_t> Recovery::take_waiting(OrganisationId organisation) {
  std::vector<std::uint32_t> waiting;
  if (const auto found = for_server_.find(raw(organisation)); found != for_server_.end()) waiting.swap(found->second);
  return waiting;
}

double Recovery::bandwidth_of(std::uint32_t site) const {
  return plan_->bandwidth->at(draws_.uniform(Purpose::bandwidth, site));
}

/// One host's data after another's: each has the whole line.
void Recovery::transfer(std::uint32_t number, Incident& incident) {
  Repair& repair = repairs_[number];
  const auto site = static_cast<std::uint32_t>((*estate_)[estate_->segment_of(repair.host)].site);
  Instant& free = line_free_.try_emplace(site, Instant{}).first->second;
  repair.fetching = std::max(incident.now(), free);
  Duration takes{};
  if (plan_->bandwidth) takes = from_seconds(repair.bytes / bandwidth_of(site));
  repair.fetched = after(repair.fetching, takes);
  free = repair.fetched;
  verify(number, repair.fetched, incident);
}

void Recovery::verify(std::uint32_t number, Instant from, Incident& incident) {
  const Repair& repair = repairs_[number];
  const auto& verification = plan_->procedure_for(estate_->device(repair.host))->verification;
  if (verification)
    from = after(from, span_of(*verification, Purpose::verification, repair.host, draws_, repair.episode));
  incident.schedule(from, EventKind::restore, static_cast<std::uint32_t>(repair.host), number + 1);
}

void Recovery::back(std::uint32_t number, Incident& incident) {
  Repair& repair = repairs_[number];
  assert(repair.back == never);
  repair.back = incident.now();
  const DeviceClass device = estate_->device(repair.host);
  const OrganisationId organisation = estate_->organisation_of(repair.host);
  std::uint32_t& lost = lost_[class_key(device, organisation)];
  assert(lost > 0);
  if (--lost > 0) return;
  for (std::uint32_t t = 0; t < plan_->teams.size(); ++t) {
    for (int c = 0; c < device_classes; ++c) {
      const auto waiting = static_cast<DeviceClass>(c);
      const Procedure* procedure = plan_->procedure_for(waiting);
      if (procedure != nullptr && (procedure->needs & only(device)) != 0) offer(key_of(t, waiting, organisation));
    }
    const std::uint32_t unit = first_unit_[t] + plan_->teams[t].unit_of[index(organisation)];
    if (!units_[unit].ready.empty()) look(unit, incident);
  }
}

}  // namespace trustfall
