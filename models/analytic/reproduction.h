#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace trustfall::analytic {

/// Addresses that outbreaks make attempts on, and the segments that can be hit there.
struct Lane {
  /// One course that the outbreak of a segment may take.
  struct Outbreak {
    std::uint32_t segment;
    double attempts;  // on each address, by all hosts that fall in it
    double chance;    // of this course; those of a segment sum to 1
  };
  struct Target {
    std::uint32_t segment;
    double weight;  // hits that one attempt on each address comes to: its vulnerable hosts by their chance to fall
  };
  std::vector<Outbreak> outbreaks;  // in any order; a target stands once
  std::vector<Target> targets;
};

/// Which other segments the outbreak of a segment begins in: the matrix K of Ball, Mollison and Scalia-Tomba (Annals
/// of Applied Probability 7, 1997), whose spectral radius is their R*, with segments as households.
///
/// An outbreak that makes x attempts on each address of a lane hits there, of segments of the weights c beside its
/// own,
///   D = M (1 - exp(-x C / M)),  C = sum of c,  M = C^2 / sum of c^2
/// different ones: exact where all weights are equal, and else to the second order in x; M is the number of equal
/// segments that they are worth. They are shared out in proportion to c. K is kept as these factors, segment to lane
/// and lane to segment, so that a product takes as long as there are memberships.
class NextGeneration {
 public:
  NextGeneration(std::size_t segments, const std::vector<Lane>& lanes);

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
  void multiply(const double* x, double* y, bool transposed) const;

  std::size_t segments_;
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
