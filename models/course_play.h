#pragma once

#include <functional>
#include <vector>

#include "models/course.h"
#include "models/played.h"

namespace trustfall {

/// Whether a host's course is known as soon as it is infected: none crashes, falls silent or is switched off, none
/// falls twice, no kill switch, no signatures, no warning, and nobody acts for another's sake.
bool courses_are_known(const Model& model);

/// A replicate of such a model: all that follows from the moments of infection, looked up when it is asked for.
class CoursePlay : public Played {
 public:
  const Model& model() const override { return *model_; }
  Instant encrypted_at(HostId host) const override { return course_of(host, infected_at(host)).encrypted; }
  Instant restored_at(HostId host) const override { return course_of(host, infected_at(host)).restored; }
  bool unpatched(HostId host, Instant time) const override;
  const Patched& patched() const override { return patched_; }

 protected:
  explicit CoursePlay(const Model& model);

  const Draws& draws() const override { return draws_; }
  virtual Instant infected_at(HostId host) const = 0;
  /// To be called before the spread, and after it.
  void begin(Draws draws);
  void find_lost_servers();

  bool none_patched() const { return none_patched_; }
  Course course_of(HostId host, Instant infected) const;
  /// Hands over all that happened to an infected host.
  void tell(HostId host, ZoneId zone, const std::function<void(const Step&)>& take) const;

 private:
  Instant backup_server_lost(OrganisationId organisation) const override {
    return backup_server_lost_.empty() ? never : backup_server_lost_[index(organisation)];
  }

  const Model* model_;
  Draws draws_{0, 0};
  Patched patched_;
  bool none_patched_;
  bool nothing_follows_;                     // from an infection: it is neither noticed nor encrypted
  std::vector<Instant> backup_server_lost_;  // by organisation; empty where nothing is encrypted
};

}  // namespace trustfall
