#include <algorithm>
#include <cmath>

#include "core/lookout.hpp"
#include "direct/ldlt.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

namespace {

constexpr std::size_t kStep = 8;                               // columns of a panel that are combined at a time
constexpr std::size_t kEntriesPerPoll = std::size_t{1} << 20;  // of panels: 8 MB, about 1 ms

// One right-hand side y in the order of L, by panels; `front` has room for the rows of the highest one.
void solve_column(const Symbolic& f, const LdltFactor& factor, double* y, double* front, bool absolute,
                  Lookout& lookout) {
  const Tiles& t = tiles();
  const double* panel = factor.values.data();
  const double* const d = factor.diagonal.data();
  std::size_t since = 0;
  for (Index s = 0; s < f.count(); s++) {
    const std::size_t width = f.width(s), height = f.height(s);
    const Index* const rows = f.rows.data() + f.row_starts[s];
    std::copy_n(y + f.starts[s], width, front);
    std::fill(front + width, front + height, 0.0);
    for (std::size_t from = 0; from < width; from += kStep) {
      const std::size_t end = std::min(from + kStep, width);
      for (std::size_t j = from; j < end; j++)
        for (std::size_t i = j + 1; i < end; i++) front[i] -= panel[i + j * height] * front[j];
      t.combine(front, panel + from * height, height, front + from, end - from, end, height);
    }
    std::copy_n(front, width, y + f.starts[s]);
    for (std::size_t i = width; i < height; i++) y[rows[i]] += front[i];
    panel += width * height;
    if ((since += width * height) < kEntriesPerPoll) continue;
    since = 0;
    if (lookout.look()) return;
  }
  for (Index s = f.count() - 1; s >= 0; s--) {
    const std::size_t width = f.width(s), height = f.height(s);
    const Index* const rows = f.rows.data() + f.row_starts[s];
    panel -= width * height;
    for (std::size_t i = 0; i < height; i++) front[i] = y[rows[i]];
    for (std::size_t j = width; j-- > 0;) {
      const double pivot = absolute ? std::abs(d[f.starts[s] + j]) : d[f.starts[s] + j];
      front[j] = front[j] / pivot - t.dot(panel + j * height, front, j + 1, height);
    }
    std::copy_n(front, width, y + f.starts[s]);
    if ((since += width * height) < kEntriesPerPoll) continue;
    since = 0;
    if (lookout.look()) return;
  }
}

}  // namespace

void LdltFactor::check_order(std::size_t n) const {
  if (order.size() != n || diagonal.size() != n || scale.size() != n)
    throw Misuse("ERR_SHAPE", "the factor must be for as many unknowns as A has");
}

LdltSolve::LdltSolve(Control& control, const LdltFactor& factor) : control_(control), factor_(factor) {
  factor.check_order(factor.order.size());
  Symbolic given{factor.order, factor.starts, factor.row_starts, factor.rows};
  given.panel_entries = static_cast<double>(factor.values.size());
  symbolic_ = given.own(control);
  for (Index s = 0; s < symbolic_.count(); s++) highest_ = std::max(highest_, symbolic_.height(s));
  work_ = control.arena.doubles(factor.order.size() + highest_);
}

void LdltSolve::operator()(ConstVector r, Vector z, std::size_t s, bool absolute) {
  const std::size_t n = symbolic_.order.size(), each = n + highest_;
  if (r.size() != n * s || z.size() != n * s) throw Misuse("ERR_SHAPE", "right-hand sides must be n x s");
  const std::size_t threads = std::min<std::size_t>(s, control_.crew.threads());
  if (work_.size() < each * threads) work_ = control_.arena.doubles(each * threads);
  Lookout lookout(control_);
  // columns are read and written in their own places, so r and z may be the same
  const auto solve = [&](std::size_t first, std::size_t last) {
    for (std::size_t part = first; part < last; part++) {
      double* const y = work_.data() + part * each;
      for (std::size_t c = s * part / threads; c < s * (part + 1) / threads; c++) {
        for (std::size_t k = 0; k < n; k++) y[k] = r[symbolic_.order[k] * s + c] * factor_.scale[symbolic_.order[k]];
        solve_column(symbolic_, factor_, y, y + n, absolute, lookout);
        if (lookout.look()) return;
        for (std::size_t k = 0; k < n; k++) z[symbolic_.order[k] * s + c] = y[k] * factor_.scale[symbolic_.order[k]];
      }
    }
  };
  control_.crew.run(threads, solve);
  lookout.rethrow();
}

}  // namespace krylov
