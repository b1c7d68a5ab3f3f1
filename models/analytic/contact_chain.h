#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace trustfall::analytic {

/// From one host to another, at infections per unit time while `from` is infected and `to` is not.
struct Contact {
  std::size_t from, to;
  double rate;
};

/// What becomes of an infected host after an exponential time.
enum class Afterwards { immune, susceptible };

/// The exact probabilities of an outbreak along the links of a few hosts: the Markov chain over what every host is,
/// by sparse uniformisation (Jensen 1953). SI, SIR or SIS; its states are up to 2^hosts, or 3^hosts where hosts
/// become immune, so about ten hosts are the limit.
class ContactChain {
 public:
  /// What a host is.
  enum What : std::uint32_t { open, infected, removed };

  /// At most 16 hosts, of which those in `first` are infected at the start. With a `removal` rate of 0 (SI) hosts
  /// stay infected.
  ContactChain(std::size_t hosts, std::vector<Contact> contacts, const std::vector<std::size_t>& first,
               double removal, Afterwards afterwards);

  /// Lets time pass; absolute error below 1e-12.
  void advance(double time);

  /// Chance that the host is this now.
  double chance(std::size_t host, What what) const;
  /// Chance that so many hosts are not open now, by number: the attack size, but for SIS the number infected.
  std::vector<double> sizes() const;
  std::size_t states() const { return states_.size(); }

 private:
  struct Jump {
    std::uint32_t from, to;  // numbers of states
    double rate;
  };

  std::uint32_t number(std::uint32_t state);
  void explore(std::uint32_t from);

  std::size_t hosts_;
  std::vector<Contact> contacts_;
  double removal_;
  Afterwards afterwards_;
  std::vector<std::uint32_t> states_;                        // two bits a host; in order of their numbers
  std::unordered_map<std::uint32_t, std::uint32_t> number_;  // of a state
  std::vector<Jump> jumps_;
  std::vector<double> probability_;  // by state
};

}  // namespace trustfall::analytic
