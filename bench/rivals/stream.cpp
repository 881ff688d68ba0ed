// The machine's limits: `read threads bytes passes` reads an array, `spin threads 0 rounds` only computes.
#include <barrier>
#include <thread>

#include "system.hpp"

namespace {

volatile double sink;

// Reads four parts in turn, as a solver reads matrix and vectors: one core's prefetchers reach 1.5 times the bandwidth of
// a single stream on four. Enough lanes that the addition's latency does not hold the loads back.
double sum(const double* from, const double* to) {
  constexpr int kStreams = 4, kLanes = 8;
  const std::size_t part = (to - from) / kStreams;
  double lanes[kStreams][kLanes] = {};
  for (std::size_t i = 0; i + kLanes <= part; i += kLanes)
    for (int s = 0; s < kStreams; s++)
      for (int j = 0; j < kLanes; j++) lanes[s][j] += from[s * part + i + j];
  double total = 0;
  for (const auto& stream : lanes)
    for (double lane : stream) total += lane;
  return total;
}

double spin(int rounds) {
  double x = sink;
  for (int i = 0; i < rounds; i++) x = x * 0.999999 + 1e-6;
  return x;
}

template <class Work>
double timed(int threads, const Work& work) {
  std::barrier<> gate(threads);
  double begun = 0;
  std::vector<std::thread> team;
  const auto turn = [&](int thread) {
    gate.arrive_and_wait();
    if (thread == 0) begun = now();
    work(thread);
  };
  for (int t = 1; t < threads; t++) team.emplace_back(turn, t);
  turn(0);
  for (auto& thread : team) thread.join();
  return now() - begun;
}

}  // namespace

int main() {
  print_version("read stream");
  std::vector<double> array;
  for (Request request; next(request);) {
    const int threads = std::stoi(request.preconditioner);
    const auto n = static_cast<std::size_t>(request.rtol / sizeof(double));
    if (array.size() != n) array.assign(n, 1.0);
    const auto work = [&](int thread) {
      if (request.method == "spin") {
        sink = spin(request.count);
        return;
      }
      const double* const from = array.data() + n * thread / threads;
      const double* const to = array.data() + n * (thread + 1) / threads;
      for (int pass = 0; pass < request.count; pass++) sink = sum(from, to);
    };
    print({0, timed(threads, work), request.count, 0});
  }
}
