// What people do: isolation, reports, the warning, orders, and what these change for hosts that have fallen.
#include <algorithm>
#include <utility>

#include "models/play.h"

namespace trustfall {
namespace {

std::uint32_t raw(HostId host) { return static_cast<std::uint32_t>(host); }

}  // namespace

void Play::encrypt(HostId host, Instant when) {
  incident_.encrypt(host, when);
  if (model_->estate->device(host) != DeviceClass::backup_server) return;
  Instant& lost = backup_server_lost_[index(model_->estate->organisation_of(host))];
  lost = std::min(lost, when);
}

/// What people do about a host that is detected.
void Play::respond(HostId host, const Course& course) {
  incident_.detect(host, course.detected);
  if (recovery_)
    incident_.schedule(course.isolated != never ? course.isolated : course.detected, EventKind::lost, raw(host));
  if (course.isolated != never) {
    incident_.schedule(course.isolated, EventKind::isolate, raw(host));
    incident_.restore_isolated(host, course.restored);
    return;
  }
  const auto& isolation = model_->detection->isolation;
  if (isolation && isolation->scope != Isolation::Scope::host) {
    const Duration delay = span_of(isolation->delay, Purpose::isolation, host, incident_.draws());
    incident_.schedule(course.detected + delay, EventKind::isolate, raw(host));
  }
  incident_.schedule(course.restored, EventKind::restore, raw(host));
}

void Play::on_isolate(HostId host) {
  const Isolation& isolation = *model_->detection->isolation;
  if (isolation.scope == Isolation::Scope::host) return incident_.isolate(host);
  const Estate& estate = *model_->estate;
  auto first = static_cast<std::uint32_t>(estate.segment_of(host));
  std::uint32_t last = first + 1;
  const Segment& home = estate[SegmentId{first}];
  if (isolation.scope != Isolation::Scope::segment) {
    first = static_cast<std::uint32_t>(estate.first_segment(home.organisation));
    last = static_cast<std::uint32_t>(estate.last_segment(home.organisation));
    if (isolation.scope == Isolation::Scope::site) {
      while (estate[SegmentId{first}].site != home.site) ++first;
      while (estate[SegmentId{last - 1}].site != home.site) --last;
    }
  }
  for (std::uint32_t s = first; s < last; ++s) isolate(SegmentId{s});
  if (isolation.lasts) {
    const Duration lasts = span_of(*isolation.lasts, Purpose::isolation_end, host, incident_.draws());
    incident_.schedule(incident_.now() + lasts, EventKind::reconnect, first, last);
  }
}

void Play::isolate(SegmentId segment) {
  if (!incident_.isolated(segment)) cuts_.push_back({segment, no_zone, all_devices, incident_.now(), never});
  incident_.isolate(segment, *this);
}

void Play::reconnect(SegmentId segment) {
  const bool isolated = incident_.isolated(segment);
  incident_.reconnect(segment, *this);
  if (!isolated || incident_.isolated(segment)) return;
  const auto cut =
      std::find_if(cuts_.rbegin(), cuts_.rend(), [&](const Cut& c) { return c.segment == segment && !c.ordered; });
  cut->until = incident_.now();
}

void Play::each_cut(const std::function<void(const Cut&)>& take) const {
  std::vector<Cut> all = cuts_;
  const std::vector<Cut> by_rule = firewalls_.cuts(model_->horizon);
  all.insert(all.end(), by_rule.begin(), by_rule.end());
  std::stable_sort(all.begin(), all.end(), [](const Cut& a, const Cut& b) { return a.from < b.from; });
  for (const Cut& cut : all) take(cut);
}

void Play::on_change(const Change& change) {
  const Estate& estate = *model_->estate;
  const auto first = static_cast<std::uint32_t>(estate.first_segment(change.organisation));
  const auto last = static_cast<std::uint32_t>(estate.last_segment(change.organisation));
  for (std::uint32_t s = first; s < last; ++s) {
    if (change.kind == Change::Kind::isolate_organisation) {
      isolate(SegmentId{s});
    } else {
      reconnect(SegmentId{s});
    }
  }
}

// --- courses that may change ---

/// Has the play wait for what is to become of the host, as things stand.
void Play::wait_for(HostId host, const Course& course, Instant encrypted) {
  Pending& pending = pending_[index(host)];
  Kept& kept = courses_[index(host)];
  pending.encrypted = encrypted;
  kept.encrypted = course.encrypted;
  kept.restored = course.restored;
  pending.isolated = course.isolated;
  if (course.encrypted != never) incident_.schedule(course.encrypted, EventKind::encrypted, raw(host));
  if (std::exchange(pending.detected, course.detected) == course.detected || course.detected == never) return;
  incident_.schedule(course.detected, EventKind::detected, raw(host));
}

/// Something has changed for the host: what has happened to it stays, what is to come is reckoned again.
void Play::revise(HostId host) {
  const Pending& pending = pending_[index(host)];
  const Course course =
      follow(*model_, host, pending.infected, pending.encrypted, incident_.draws(), episode_of(host), published_);
  wait_for(host, course, pending.encrypted);
}

void Play::on_detected(HostId host) {
  const Pending& pending = pending_[index(host)];
  if (pending.detected != incident_.now() || incident_.detected(host)) return;  // it has been put off
  Course course;
  course.detected = pending.detected;
  course.isolated = pending.isolated;
  course.restored = courses_[index(host)].restored;
  respond(host, course);
  const OrganisationId organisation = model_->estate->organisation_of(host);
  orders_.detect(organisation, incident_);
  if (!model_->warning || reported_[index(organisation)] != never) return;
  reported_[index(organisation)] = Instant::min();
  const double u = incident_.draws().uniform(Purpose::reporting, static_cast<std::uint32_t>(organisation));
  const Duration delay = from_seconds(model_->warning->reporting.at(u));
  incident_.schedule(incident_.now() + delay, EventKind::report, static_cast<std::uint32_t>(organisation));
}

void Play::on_encrypted(HostId host) {
  Instant& encrypted = courses_[index(host)].encrypted;
  if (encrypted != incident_.now() || incident_.encrypted(host)) return;  // it has been put off
  const bool handled = incident_.isolated(host) || incident_.restored(host);
  if (recovery_ && handled && pending_[index(host)].detected != encrypted) {
    encrypted = never;  // a technician came first
  } else {
    encrypt(host, encrypted);
  }
}

// --- reports and the warning ---

void Play::each_report(const std::function<void(OrganisationId, Instant)>& take) const {
  for (std::uint32_t o = 0; o < reported_.size(); ++o)
    if (reported_[o] != never && reported_[o] != Instant::min()) take(OrganisationId{o}, reported_[o]);
}

void Play::on_report(OrganisationId organisation) {
  reported_[index(organisation)] = incident_.now();
  const Warning& warning = *model_->warning;
  if (++reports_ != warning.after_reports || warning.at) return;
  const Duration delay = from_seconds(warning.delay.at(incident_.draws().uniform(Purpose::warning, 0)));
  incident_.schedule(incident_.now() + delay, EventKind::warning, 0);
}

void Play::on_warning() {
  warned_at_ = incident_.now();
  orders_.warn(incident_);
  for (std::size_t r = 0; r < model_->patching.rings.size(); ++r)
    if (const auto& after = model_->patching.rings[r].after_warning)
      patched_.begin_ring(r, later(warned_at_, *after));
  if (!model_->detection || !model_->detection->antivirus || !model_->detection->antivirus->after_warning) return;
  published_ = incident_.now() + *model_->detection->antivirus->after_warning;
  for (std::uint32_t h = 0; h < model_->estate->hosts(); ++h)
    if (incident_.infected(HostId{h}) && !incident_.detected(HostId{h})) revise(HostId{h});
}

// --- orders ---

/// Brings the membership to the rules and orders that hold now.
void Play::settle_rules(std::uint32_t membership) {
  const Membership& m = model_->estate->memberships()[membership];
  const Firewalls::Closed rules = firewalls_.closed(membership, incident_.now());
  const Firewalls::Closed ordered = orders_.closed(m.segment, (*model_->estate)[m.zone].kind);
  const auto inbound = static_cast<DeviceSet>(rules.inbound | ordered.inbound);
  const auto outbound = static_cast<DeviceSet>(rules.outbound | ordered.outbound);
  incident_.set_rules(membership, inbound, outbound, *this);
}

void Play::on_order(const Event& event) {
  const Orders::Turn turn = orders_.turn(event);
  Instant until = never;
  if (const auto lasts = orders_.lasts(event, incident_.draws()); lasts && !turn.ends) {
    until = incident_.now() + *lasts;
    incident_.schedule(until, EventKind::order, event.subject, event.detail | 1);
    if (until >= model_->horizon) until = never;
  }
  const Order& order = orders_[turn.order];
  for (std::uint32_t s = turn.first; s < turn.last; ++s)
    if (order.where.covers(SegmentId{s})) put_in_force(SegmentId{s}, turn, until);
}

/// Has an order begin in a segment, until then, or end.
void Play::put_in_force(SegmentId segment, const Orders::Turn& turn, Instant until) {
  const Estate& estate = *model_->estate;
  const Order& order = orders_[turn.order];
  const auto devices = static_cast<DeviceSet>(order.where.devices() & order.action.devices);
  if (!orders_.any(segment, devices)) return;  // nobody is concerned
  const DeviceSet off_before = orders_.off(segment);
  const bool closes = order.action.what == OrderedAction::What::close;
  for (const ZoneOfSegment& of : estate.zones_of(segment)) {
    const std::uint16_t kind = estate[of.zone].kind;
    if (closes && kind != order.action.zone_kind) continue;
    orders_.set(segment, turn.order, turn.ends);
    const Firewalls::Closed before = orders_.closed(segment, kind);
    orders_.set(segment, turn.order, !turn.ends);
    if (!(orders_.closed(segment, kind) == before)) settle_rules(of.membership);
    if (closes && !turn.ends && until > incident_.now())
      cuts_.push_back({segment, of.zone, devices, incident_.now(), until, true});
  }
  if (!closes && !turn.ends && until > incident_.now())
    cuts_.push_back({segment, no_zone, devices, incident_.now(), until, true});
  orders_.set(segment, turn.order, !turn.ends);
  if (order.action.what == OrderedAction::What::power_down) switch_devices(segment, off_before, orders_.off(segment));
}

/// What it means for infected hosts that other classes of device are switched off in their segment.
void Play::switch_devices(SegmentId segment, DeviceSet before, DeviceSet after) {
  if (before == after) return;
  const auto last = raw(model_->estate->last_host(segment));
  for (std::uint32_t h = raw(model_->estate->first_host(segment)); h < last; ++h) {
    const HostId host{h};
    if (!incident_.infected(host) || incident_.restored(host)) continue;
    const DeviceSet device = only(model_->estate->device(host));
    if ((before & device) == 0 && (after & device) != 0) switch_off(host);
    if ((before & device) != 0 && (after & device) == 0) switch_on(host);
  }
}

void Play::switch_off(HostId host) {
  Pending& pending = pending_[index(host)];
  if (!pending.encrypts || incident_.encrypted(host) || pending.encrypted == never) return;
  const int plan = power_plan(host);
  const Instant now = incident_.now();
  const Duration done = plan == always_on
                            ? now - pending.since
                            : model_->power[static_cast<std::size_t>(plan)].hours.within(pending.since, now);
  pending.left -= std::min(done, pending.left);
  pending.encrypted = never;
  revise(host);
}

/// The worm starts with the host: it asks for the kill switch again, and encrypts what is left.
void Play::switch_on(HostId host) {
  if (stopped(host, incident_.now())) {
    incident_.become_inactive(host);
    courses_[index(host)].until = incident_.now();
  }
  Pending& pending = pending_[index(host)];
  if (!pending.encrypts || incident_.encrypted(host) || pending.encrypted != never) return;
  pending.since = incident_.now();
  pending.encrypted = done_at(host, pending.left);
  revise(host);
}

}  // namespace trustfall
