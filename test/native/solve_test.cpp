// Solves through the registry, as the border calls them: right, and the same bits for any number of threads.
#include <cmath>
#include <thread>

#include "check.hpp"
#include "plain_values.hpp"

using namespace krylov;

static std::vector<double> solve(const char* method, Index m, int threads, double rtol) {
  Poisson system(m);
  Values values;
  Control control(threads);
  const std::vector<Handle> leaves = system.leaves(values, rtol, 2000);
  const List result = Values::get<List>(entry(method).call(values, values, control, leaves));
  check(Values::get<std::string>(result[0]) == "converged", "it converges");
  check(Values::get<double>(result[1]) > 0, "it takes iterations");
  double size = 0;
  for (const double b : system.right) size += b * b;
  check(std::sqrt(system.residual()) <= 1.1 * rtol * std::sqrt(size), "the true residual is small");
  return system.solution;
}

template <class Act>
static std::string refused(Act&& act) {
  try {
    act();
  } catch (const Misuse& misuse) {
    return misuse.code();
  }
  return "nothing";
}

int main() {
  set_team_threads(4);
  for (const char* method : {"cg", "minres"}) {
    for (const Index m : {2, 3, 20}) solve(method, m, 0, 1e-9);
    const std::vector<double> wanted = solve(method, 190, 1, 0.1);
    check(solve(method, 190, 2, 0.1) == wanted && solve(method, 190, 4, 0.1) == wanted,
          "the same bits for any number of threads");
    std::vector<std::thread> callers;
    for (int k = 0; k < 4; k++)
      callers.emplace_back(
          [&, k] { check(solve(method, 190, 1 + k, 0.1) == wanted, "and for several solves at once"); });
    for (std::thread& caller : callers) caller.join();
  }

  Poisson system(10);
  Values values;
  Control control;
  std::vector<Handle> leaves = system.leaves(values, 1e-9, 100);
  const auto call = [&] { entry("cg").call(values, values, control, leaves); };
  system.columns[7] = 1 << 30;
  check(refused(call) == "ERR_INDEX", "a wild column");
  system.columns[7] = 0;
  system.pointers[5] = -3;
  check(refused(call) == "ERR_INDEX", "a wild offset");
  leaves[8] = values.make(std::string("magic"));
  check(refused(call) == "ERR_OPTION", "an unknown kind");
  leaves.resize(6);
  check(refused(call) == "ERR_TYPE", "too few leaves");
  leaves[0] = values.make(std::string("rows"));
  check(refused(call) == "ERR_TYPE", "a number that is text");
  return failed();
}
