#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace trustfall::analytic {

/// Addresses that outbreaks make attempts on, and the segments that can be hit there.
struct Lane {
  /// One of the courses that the outbreak of a segment may take, all equally likely.
  struct Outbreak {
    std::uint32_t segment;
    std::uint32_t course;  // the same in every lane
    double attempts;       // on each address, by all hosts that fall in it
  };
  struct Target {
    std::uint32_t segment;
    double weight;  // hits that one attempt on each address comes to: its vulnerable hosts by their chance to fall
  };
  std::vector<Outbreak> outbreaks;
  std::vector<Target> targets;
};

/// What one course of the outbreak of a segment does to another by contacts of single hosts.
struct DirectHits {
  std::uint32_t segment;
  std::uint32_t course;
  std::uint32_t target;
  double hits;  // minus the logarithm of the chance that it is spared; may be infinite
};

/// Which other segments the outbreak of a segment begins in: the matrix K of Ball, Mollison and Scalia-Tomba (Annals
/// of Applied Probability 7, 1997), whose spectral radius is their R*, with segments as households.
///
/// An outbreak that makes x attempts on each address of a lane hits a segment of the weight c there with the chance
/// 1 - exp(-x c), and so begins, of segments beside its own, the sum of these. Entry by entry that is exact, hits
/// through several lanes and direct ones included. By factors, segment to lane and lane to segment, a product takes
/// only as long as there are memberships: it then begins
///   D = M (1 - exp(-x C / M)),  C = sum of c,  M = C^2 / sum of c^2,
/// shared out in proportion to c. That is exact where all weights are equal, and else to the second order in x; M is
/// the number of equal segments that they are worth. Outbreaks begun through several lanes are added, and so are
/// those begun directly.
class NextGeneration {
 public:
  enum class Form { entries, factors };
  /// Entries where there are few.
  static Form form_for(std::size_t segments, std::size_t courses) {
    return segments * segments * courses <= 4000000 ? Form::entries : Form::factors;
  }

  NextGeneration(std::size_t segments, std::size_t courses, const std::vector<Lane>& lanes, Form form,
                 const std::vector<DirectHits>& direct = {});
  NextGeneration(std::size_t segments, std::size_t courses, const std::vector<Lane>& lanes,
                 const std::vector<DirectHits>& direct = {})
      : NextGeneration(segments, courses, lanes, form_for(segments, courses), direct) {}

  std::size_t segments() const { return segments_; }
  /// K x: by segment, what the outbreak there comes to when a new one in each segment is worth x. With ones: how
  /// many.
  void apply(const double* x, double* y) const { multiply(x, y, false); }
  /// x K: the outbreaks of the next generation, by segment.
  void apply_transposed(const double* x, double* y) const { multiply(x, y, true); }

 private:
  /// A segment in a lane: it begins `out * in of the other` outbreaks in another segment.
  struct Member {
    std::uint32_t segment;
    double out;
    double in;
  };
  /// Outbreaks that one segment begins in another directly.
  struct Begun {
    std::uint32_t segment;
    std::uint32_t target;
    double outbreaks;
  };
  void add_entries(std::size_t courses, const std::vector<Lane>& lanes, const std::vector<DirectHits>& direct);
  void add_factors(std::size_t courses, const std::vector<Lane>& lanes);
  void add_direct(std::size_t courses, const std::vector<DirectHits>& direct);
  void multiply(const double* x, double* y, bool transposed) const;

  std::size_t segments_;
  std::vector<double> entries_;      // row by row, or none
  std::vector<Begun> direct_;        // or none: then they are in the entries
  std::vector<Member> members_;      // lane by lane
  std::vector<std::size_t> begins_;  // by lane, one more than there are
};

/// R, the spectral radius of K: outbreaks that one outbreak begins, once they have settled into their mix of
/// segments.
double reproduction_number(const NextGeneration& matrix);

/// How much of R goes through each segment: its elasticity to the segment, the product of the left and right dominant
/// eigenvectors (de Kroon et al., Ecology 67, 1986). Sums to 1; zeros where R is 0.
std::vector<double> carriers(const NextGeneration& matrix);

}  // namespace trustfall::analytic
