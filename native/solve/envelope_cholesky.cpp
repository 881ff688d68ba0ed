#include <algorithm>
#include <cmath>

#include "core/method.hpp"
#include "core/owned.hpp"
#include "kernels/sweeps.hpp"

namespace krylov {

namespace {

struct Factored {
  double failed = -1;  // the row whose pivot is not positive, or -1
  double refinements = 0;
  static constexpr auto fields =
      std::tuple{field("failed", &Factored::failed), field("refinements", &Factored::refinements)};
};

constexpr double kWorkPerPoll = 1 << 22;  // products: about 1 ms

// The lower triangle of A from the first entry of each row on; groups of rows begin together.
class Envelope {
 public:
  Envelope(Control& control, const Csr& A) : control_(control), n_(A.rows()) {
    const auto& [rows, _, pointers, indices] = A.pattern;
    std::int64_t* const at = control.arena.array<std::int64_t>(n_);
    const Indices first = control.arena.indices(n_);
    std::int64_t size = 0;
    for (Index i = 0; i < rows; i++) first[i] = pointers[i] < pointers[i + 1] ? std::min(indices[pointers[i]], i) : i;
    for (std::size_t i = 0; i + kEnvelopeGroup <= n_; i += kEnvelopeGroup)
      std::fill_n(first.begin() + i, kEnvelopeGroup,
                  *std::min_element(first.begin() + i, first.begin() + i + kEnvelopeGroup));
    for (Index i = 0; i < rows; i++) {
      size += kEnvelopePad;
      at[i] = size - first[i];
      size += i - first[i] + 1;
    }
    const Vector values = control.arena.doubles(size);
    std::fill(values.begin(), values.end(), 0.0);
    for (Index i = 0; i < rows; i++)
      for (Index k = pointers[i]; k < pointers[i + 1] && indices[k] <= i; k++) values[at[i] + indices[k]] = A.values[k];
    raw_ = {values.data(), at, first.data(), control.arena.doubles(n_).data()};
    padded_ = control.arena.doubles(kEnvelopePad + n_);
    std::fill_n(padded_.begin(), kEnvelopePad, 0.0);
  }

  // The row whose pivot is not positive, or -1.
  std::intptr_t factor() {
    double work = 0;
    std::size_t from = 0;
    for (std::size_t i = 0; i < n_; i++) {
      const double width = static_cast<double>(i) - raw_.first[i];
      work += width * width;
      const bool whole = (i + 1) % kEnvelopeGroup == 0;
      if (i + 1 < n_ && !(whole && work >= kWorkPerPoll)) continue;
      const std::intptr_t failed = tiles().envelope_factor(raw_, from, i + 1);
      if (failed >= 0) return failed;
      control_.poll();
      work = 0;
      from = i + 1;
    }
    return -1;
  }

  // Column c of the n x s block, in place.
  void solve(Vector x, std::size_t s) {
    double* const y = padded_.data() + kEnvelopePad;
    for (std::size_t c = 0; c < s; c++) {
      for (std::size_t i = 0; i < n_; i++) y[i] = x[i * s + c];
      tiles().envelope_solve(raw_, y, n_);
      for (std::size_t i = 0; i < n_; i++) x[i * s + c] = y[i];
    }
  }

 private:
  Control& control_;
  std::size_t n_;
  RawEnvelope raw_{};
  Vector padded_;
};

// Solves A X = B by Cholesky's factorization of A in its envelope (Jennings 1966), in one go: what small systems cost
// is calls. Refines while a column's residual is above rtol ||b|| and falls. norms: output, of the columns of B - A X.
// Workspace: the envelope, and 3 n s.
Factored envelope_cholesky(Control& control, const Csr& given, ConstVector b, Vector x, Index s, double rtol,
                           Index most, Vector norms) {
  const std::size_t n = given.rows(), columns = s;
  if (s < 1 || b.size() != n * columns || x.size() != n * columns || norms.size() != columns ||
      given.pattern.rows != given.pattern.columns)
    throw Misuse("ERR_SHAPE", "A must be n x n, b and x n x s, norms s long");
  const Csr A{owned(control, given.pattern), given.values};
  Envelope L(control, A);
  Factored report;
  report.failed = static_cast<double>(L.factor());
  if (report.failed >= 0) return report;

  const Vector r = control.arena.doubles(n * columns), better = control.arena.doubles(n * columns);
  Sweeps k(control, n);
  const auto residual = [&](Vector from, Vector to) {
    if (columns == 1) {
      k.residual(A, from, b, to);
      return;
    }
    k.multiply(A, from, to, columns);
    for (std::size_t at = 0; at < to.size(); at++) to[at] = b[at] - to[at];
  };
  const auto norm = [&](ConstVector of, std::size_t c) {
    double square = 0;
    for (std::size_t at = c; at < of.size(); at += columns) square += of[at] * of[at];
    return std::sqrt(square);
  };
  std::copy(b.begin(), b.end(), x.begin());
  L.solve(x, columns);
  residual(x, r);
  for (std::size_t c = 0; c < columns; c++) norms[c] = norm(r, c);
  const auto far = [&] {
    for (std::size_t c = 0; c < columns; c++)
      if (!(norms[c] <= rtol * norm(b, c))) return true;
    return false;
  };
  while (report.refinements < most && far()) {
    control.poll();
    L.solve(r, columns);
    for (std::size_t at = 0; at < x.size(); at++) better[at] = x[at] + r[at];
    residual(better, r);
    bool falls = true;
    for (std::size_t c = 0; c < columns; c++) falls &= norm(r, c) <= 0.5 * norms[c] || norm(r, c) <= rtol * norm(b, c);
    if (!falls) break;
    std::copy(better.begin(), better.end(), x.begin());
    for (std::size_t c = 0; c < columns; c++) norms[c] = norm(r, c);
    report.refinements++;
  }
  return report;
}

const Exposed envelope_cholesky_{expose<envelope_cholesky>("envelopeCholesky")};

}  // namespace
}  // namespace krylov
