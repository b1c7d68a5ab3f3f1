#pragma once

namespace trustfall::analytic {

/// One step of the classic Runge-Kutta method, of fourth order: moves `state` by `step` along `slope(state)`.
template <class State, class Slope>
void runge_kutta_step(State& state, double step, const Slope& slope) {
  const State a = slope(state);
  const State b = slope(State(state + step / 2 * a));
  const State c = slope(State(state + step / 2 * b));
  const State d = slope(State(state + step * c));
  state += step / 6 * (a + 2 * b + 2 * c + d);
}

}  // namespace trustfall::analytic
