#include "scenarios/exercise/moments.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "models/service_course.h"

namespace trustfall {
namespace {

/// What the national audit counted: locked out within a week.
constexpr Duration lock_out = 168h;

constexpr DetectorInfo table[] = {
    {"exercise_starts", "the start of the scenario"},
    {"clinical_workstation_encrypted",
     "the first encrypted clinical workstation is noticed; is encrypted, where nobody notices anything"},
    {"medical_device_hit", "the worm runs on the first imaging, infusion, kiosk, camera or scanner device"},
    {"data_centre_server_lost", "the first data-centre server is encrypted"},
    {"backup_server_hit", "the first backup server is encrypted"},
    {"backup_servers_spared", "the worm ran, and at the horizon no backup server is encrypted"},
    {"tenth_place_locked_out",
     "the tenth organisation has an encrypted host, within 168 h; network segments are counted where there are fewer "
     "than ten organisations"},
    {"kill_switch", "the kill switch answers, as the scenario says"},
    {"national_warning", "everybody is warned, as the scenario's `warning` says"},
    {"place_cut_off",
     "the first network is cut off on purpose, or some of its devices are, from everything or from one zone"},
    {"service_down", "the first service has been down for two hours at a stretch"},
    {"ambulances_diverted", "the first emergency department diverts ambulances"},
    {"ransom_doubles", "the ransom doubles for the first encrypted host that is not restored by then"},
    {"first_detection", "the first infected host is noticed"},
    {"first_restore", "the first host is back in service"},
    {"outbreak_over", "a tenth of the scenario's length has passed since the last infection"},
    {"exercise_ends", "the horizon of the scenario"},
};
static_assert(std::size(table) == detectors);

/// Of two moments, the earlier; of equals, that of the lower host, so that the order of steps does not matter.
bool earlier(const Moment& a, const Moment& b) { return std::tie(a.time, a.host) < std::tie(b.time, b.host); }

class Search {
 public:
  explicit Search(const Model& model) : model_(model), estate_(*model.estate) {
    places_.resize(counts_organisations(estate_) ? estate_.organisations() : estate_.segments());
  }

  Moments take(const Played& play) {
    play.each_step([this](const Step& step) { add(step); });
    at(Detector::exercise_starts).time = Instant{};
    at(Detector::exercise_ends).time = model_.horizon;
    if (const auto& kill_switch = model_.worm.kill_switch; kill_switch && kill_switch->at < model_.horizon)
      at(Detector::kill_switch).time = kill_switch->at;
    find_tenth();
    find_note();
    if (model_.worm.ransom) find_doubling(play, model_.worm.ransom->doubles_after);
    if (last_infection_.time != never) find_end();
    at(Detector::national_warning).time = play.warned_at();
    play.each_cut([this](const Cut& cut) { add_cut(cut); });
    if (!model_.services.units.empty()) find_outages(reckon_services(play));
    return moments_;
  }

 private:
  Moment& at(Detector detector) { return moments_[static_cast<std::size_t>(detector)]; }

  void first(Detector detector, const Step& step) {
    at(detector) = std::min(at(detector), Moment{step.time, step.host}, earlier);
  }

  void add(const Step& step) {
    switch (step.what) {
      case Transition::infected:
        if (last_infection_.time == never || step.time > last_infection_.time)
          last_infection_ = {step.time, step.host};
        if (is_medical(estate_.device(step.host))) first(Detector::medical_device_hit, step);
        return;
      case Transition::encrypted:
        return add_encryption(step);
      case Transition::detected:
        if (estate_.device(step.host) == DeviceClass::clinical_workstation)
          noticed_.push_back({step.time, step.host});
        return first(Detector::first_detection, step);
      case Transition::restored:
        return first(Detector::first_restore, step);
      default:
        return;
    }
  }

  void add_encryption(const Step& step) {
    encrypted_.push_back({step.time, step.host});
    const SegmentId segment = estate_.segment_of(step.host);
    const std::size_t place = counts_organisations(estate_) ? index(estate_[segment].organisation) : index(segment);
    places_[place] = std::min(places_[place], Moment{step.time, step.host}, earlier);
    const DeviceClass device = estate_.device(step.host);
    if (device == DeviceClass::clinical_workstation && !model_.detection)
      first(Detector::clinical_workstation_encrypted, step);
    if (device == DeviceClass::data_centre_server) first(Detector::data_centre_server_lost, step);
    if (device == DeviceClass::backup_server) first(Detector::backup_server_hit, step);
  }

  void find_tenth() {
    if (places_.size() < tenth) return;
    std::nth_element(places_.begin(), places_.begin() + (tenth - 1), places_.end(), earlier);
    const Moment& moment = places_[tenth - 1];
    if (moment.time <= Instant{} + lock_out) at(Detector::tenth_place_locked_out) = moment;
  }

  void find_note() {
    std::unordered_map<std::uint32_t, Instant> encrypted;
    for (const Moment& moment : encrypted_) {
      Instant& first = encrypted.try_emplace(static_cast<std::uint32_t>(moment.host), never).first->second;
      first = std::min(first, moment.time);
    }
    Moment& note = at(Detector::clinical_workstation_encrypted);
    for (const Moment& moment : noticed_) {
      const auto found = encrypted.find(static_cast<std::uint32_t>(moment.host));
      if (found != encrypted.end() && found->second <= moment.time) note = std::min(note, moment, earlier);
    }
  }

  void find_end() {
    if (last_infection_.time + quiet_time(model_) < model_.horizon)
      at(Detector::outbreak_over).time = last_infection_.time + quiet_time(model_);
    if (at(Detector::backup_server_hit).time != never) return;
    for (std::uint32_t h = 0; h < estate_.hosts(); ++h)
      if (estate_.device(HostId{h}) == DeviceClass::backup_server) {
        at(Detector::backup_servers_spared).time = model_.horizon;
        return;
      }
  }

  void add_cut(const Cut& cut) {
    if (cut.from >= cut.until) return;
    const Moment moment{cut.from, estate_.first_host(cut.segment)};
    at(Detector::place_cut_off) = std::min(at(Detector::place_cut_off), moment, earlier);
  }

  void find_outages(const ServiceCourses& courses) {
    Moment& down = at(Detector::service_down);
    for (const Outage& outage : courses.outages) {
      if (outage.until - outage.from < missed || outage.from + missed >= std::min(down.time, model_.horizon))
        continue;
      const ServiceUnit& unit = model_.services.units[outage.unit];
      down = {outage.from + missed, no_host, unit.organisation, model_.services.services[unit.service].kind};
    }
    for (auto turn = courses.turns.begin(); turn != courses.turns.end(); ++turn) {
      if (turn->what != Turn::What::diverting) continue;
      at(Detector::ambulances_diverted) = {turn->time, no_host, turn->organisation, ServiceKind::emergency};
      return;
    }
  }

  void find_doubling(const Played& play, Duration doubles_after) {
    Moment& doubling = at(Detector::ransom_doubles);
    for (const Moment& moment : encrypted_) {
      const Instant due = moment.time + doubles_after;
      const bool in_time = play.fall_at(moment.host, moment.time).restored <= due;
      if (due < model_.horizon && !in_time) doubling = std::min(doubling, Moment{due, moment.host}, earlier);
    }
  }

  const Model& model_;
  const Estate& estate_;
  Moments moments_;
  Moment last_infection_;
  std::vector<Moment> encrypted_;
  std::vector<Moment> noticed_;  // clinical workstations
  std::vector<Moment> places_;   // first encryption, by organisation or segment
};

}  // namespace

const DetectorInfo& info(Detector detector) { return table[static_cast<std::size_t>(detector)]; }

bool counts_organisations(const Estate& estate) { return estate.organisations() >= tenth; }

Duration quiet_time(const Model& model) { return model.horizon.time_since_epoch() / 10; }

Moments find_moments(const Played& play) { return Search(play.model()).take(play); }

MakePlayer noting_player_maker(std::shared_ptr<const Experiment> experiment, std::vector<Moments>& slots) {
  const Told told = experiment->told;
  return player_maker(std::move(experiment), [told, &slots](const Played& play) {
    slots[play.draws().replicate()] = find_moments(play);
    return measure(play, told);
  });
}

}  // namespace trustfall
