#include "precondition/chebyshev.hpp"

#include <array>
#include <numeric>

#include "core/shared_out.hpp"

namespace krylov {

namespace {

constexpr std::size_t kTile = 1024;       // rows of a product that stay in L1
constexpr std::size_t kWidest = 1 << 14;  // rows of a chunk: of eight steps 5 MB of vectors
constexpr std::size_t kFewest = 16;       // chunks: with fewer the lanes mostly wait
constexpr std::size_t kRowsPerPoll = 1 << 18;

// How far A reaches from its diagonal; rows are sorted.
std::size_t reach(Control& control, const Pattern& p) {
  std::atomic<std::size_t> most{0};
  share_out(control, p.rows, [&](std::size_t from, std::size_t to) {
    std::size_t own = 0;
    for (std::size_t i = from; i < to; i++) {
      const Index begin = p.row_pointers[i], end = p.row_pointers[i + 1];
      if (begin < 0 || begin >= end || static_cast<std::size_t>(end) > p.nonzeros()) continue;
      for (const Index j : {p.column_indices[begin], p.column_indices[end - 1]})
        own = std::max<std::size_t>(own, std::abs(static_cast<std::int64_t>(j) - static_cast<std::int64_t>(i)));
    }
    for (std::size_t known = most.load(); own > known && !most.compare_exchange_weak(known, own);) {
    }
  });
  return most.load();
}

// Lane l waits for lane l - 1 to have done the same step, which is one chunk ahead.
std::array<Index, Wavefront::kLanes * Wavefront::kLanes> chained(std::size_t lanes) {
  std::array<Index, Wavefront::kLanes * Wavefront::kLanes> needs;
  needs.fill(Wavefront::kNone);
  for (std::size_t l = 1; l < lanes; l++) needs[l * lanes + l - 1] = 0;
  return needs;
}

}  // namespace

ChebyshevSweep::ChebyshevSweep(Control& control, const Chebyshev& M, std::size_t n)
    : control_(control), M_(M), n_(n), d_(control.arena.doubles(n)), other_(control.arena.doubles(n)) {
  const double theta = (M.largest + M.smallest) / 2;
  const double delta = (M.largest - M.smallest) / 2;
  const double sigma = theta / delta;
  double rho = 1 / sigma;
  steps_.push_back({1 / theta, 0});
  for (Index i = 1; i < M.degree; i++) {
    const double next = 1 / (2 * sigma - rho);
    steps_.push_back({2 * next / delta, next * rho});
    rho = next;
  }
  const std::size_t far = reach(control, M.matrix.pattern);
  const std::size_t chunk = std::max<std::size_t>(1, (far + kTile - 1) / kTile) * kTile;
  if (steps_.size() > 1 && chunk <= kWidest && n >= kFewest * chunk) chunk_ = chunk;
}

void ChebyshevSweep::step(std::size_t i, const RawMatrix& A, ConstVector r, Vector z, std::size_t from,
                          std::size_t to) {
  const Tiles& t = tiles();
  const auto [a, b] = steps_[i];
  const double* const inverse = M_.inverse_diagonal.data();
  double* const out = result_of(i, z).data();
  if (i == 0) {
    t.scale(inverse, r.data(), d_.data(), from, to);
    t.axpby(a, d_.data(), 0, d_.data(), from, to);
    std::copy(d_.begin() + from, d_.begin() + to, out + from);
    return;
  }
  const double* const before = result_of(i - 1, z).data();
  double product[kTile];
  for (; from < to; from += kTile) {
    const std::size_t end = std::min(from + kTile, to);
    t.spmv(A, before, product, from, end);
    t.chebyshev_step(a, b, inverse, r.data(), product, d_.data(), before, out, from, end);
  }
}

double ChebyshevSweep::operator()(Sweeps& k, ConstVector r, Vector z) {
  const RawMatrix A = planned(M_.matrix);
  if (chunk_ == 0) {
    for (std::size_t i = 0; i < steps_.size(); i++)
      share_out(control_, n_, [&](std::size_t from, std::size_t to) { step(i, A, r, z, from, to); });
    return k.dot(r, z);
  }
  const std::size_t chunks = (n_ + chunk_ - 1) / chunk_;
  const std::size_t slice = std::max<std::size_t>(1, kRowsPerPoll / chunk_);
  for (std::size_t first = 0; first < steps_.size(); first += Wavefront::kLanes) {
    const std::size_t lanes = std::min(Wavefront::kLanes, steps_.size() - first);
    const auto needs = chained(lanes);
    Wavefront front(lanes, needs);
    for (std::size_t from = 0, all = chunks + lanes - 1; from < all; from += slice, control_.poll())
      front.run(control_.crew, from, std::min(from + slice, all), [&](const Wavefront::Task& task) {
        if (task.step < task.lane || task.step - task.lane >= chunks) return;
        const std::size_t begin = (task.step - task.lane) * chunk_;
        step(first + task.lane, A, r, z, begin, std::min(begin + chunk_, n_));
      });
  }
  return k.dot(r, z);
}

}  // namespace krylov
