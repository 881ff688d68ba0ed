#include "core/method.hpp"
#include "dense/blas.hpp"
#include "dense/transpose.hpp"
#include "matfun/batch.hpp"

namespace krylov {
namespace {

constexpr std::size_t kCopied = 48;        // order from which half of a product and a copy are faster
constexpr std::size_t kRung = 3 * 16 + 1;  // numbers of a schedule: how many quintics, a, b, c, ..

double norm(const double* a, std::size_t n) {
  double sum = 0;
  for (std::size_t at = 0; at < n * n; at++) sum += a[at] * a[at];
  return std::sqrt(sum);
}

// A = L L^T in place, zeros above the diagonal, and out = L^-1. False where A is not positive definite.
bool factor(double* a, std::size_t n, double* out) {
  const int order = static_cast<int>(n);
  const double one = 1;
  int failed = 0;
  openblas().dpotrf("U", &order, a, &order, &failed, 1);
  if (failed != 0) return false;
  for (std::size_t r = 0; r < n; r++) std::fill(a + r * n + r + 1, a + (r + 1) * n, 0.0);
  std::fill(out, out + n * n, 0.0);
  for (std::size_t r = 0; r < n; r++) out[r * n + r] = 1;
  openblas().dtrsm("R", "U", "N", "N", &order, &order, &one, a, &order, out, &order, 1, 1, 1, 1);
  return true;
}

// Square roots by the polar factor of A's Cholesky factor: A = L L^T and L = H U give H^2 = A, H = L U^T and
// H^-1 = U L^-1 (Higham 2008, section 6.3). U is the limit of X <- p(X X^T) X with the best quintics for its singular
// values, from X = L scaled; sqrt(||A||_F) and 1 / ||L^-1||_F bound them from either side. `table`: the schedules for
// lower bounds 2^(-k / 2). facts as in `eighBatch`, the last being the steps that were taken, -1 where A is not
// definite enough for this. residuals: ||X^2 - A||_F / ||A||_F, inverse roots: ||X A X - I||_F / sqrt(n). About 4 n^3
// flops a step.
class PolarRoot {
 public:
  PolarRoot(ConstVector table, std::size_t n, bool inverse, double* work)
      : table_(table),
        n_(n),
        inverse_(inverse),
        a_(work),
        l_(a_ + n * n),
        inverted_(l_ + n * n),
        u_(inverted_ + n * n),
        s_(u_ + n * n),
        p_(s_ + n * n),
        products_(n, p_ + n * n) {}

  static std::size_t doubles(std::size_t n) { return 6 * n * n + Products::doubles(n); }

  void compute(const double* A, double* x, double* residual, double* fact) {
    const Symmetrised found = symmetrise(A, n_, a_);
    fact[0] = found.asymmetry;
    fact[1] = found.largest;
    fact[2] = -1;
    if (!(found.largest > 1e-140 && found.largest < 1e140)) return;  // squares of entries are numbers as well
    std::copy_n(a_, n_ * n_, l_);
    if (!factor(l_, n_, inverted_)) return;
    const double scale = std::sqrt(norm(a_, n_));
    const double rung = std::max(1.0, std::ceil(-2 * std::log2(1 / (scale * norm(inverted_, n_)))));
    if (!(rung < static_cast<double>(table_.size() / kRung))) return;
    const double* const schedule = table_.data() + static_cast<std::size_t>(rung) * kRung;
    if (schedule[0] == 0) return;
    iterate(schedule, scale);
    finish(x, residual);
    fact[2] = schedule[0];
  }

 private:
  void iterate(const double* schedule, double scale) {
    for (std::size_t at = 0; at < n_ * n_; at++) u_[at] = l_[at] / scale;
    for (int step = 0; step < static_cast<int>(schedule[0]); step++) {
      const double *const p = schedule + 1 + 3 * step, a = p[0], b = p[1], c = p[2];
      turn(u_, p_);
      square(p_, s_);
      square(s_, p_);
      tiles().axpby(b, s_, c, p_, 0, n_ * n_);
      for (std::size_t r = 0; r < n_; r++) p_[r * n_ + r] += a;
      products_.cross({p_, n_, n_}, {u_, n_, n_}, n_, s_, n_);
      std::swap(u_, s_);
    }
  }

  void finish(double* x, double* residual) {
    turn(u_, s_);
    if (inverse_) {
      products_.symmetric(s_, inverted_, n_, x);
    } else {
      turn(l_, p_);
      products_.symmetric(p_, s_, n_, x);
    }
    mirror(x, n_);
    double sum = 0, size = static_cast<double>(n_);
    if (inverse_) {
      products_.cross({a_, n_, n_}, {x, n_, n_}, n_, s_, n_);
      products_.symmetric(x, s_, n_, p_);
      for (std::size_t r = 0; r < n_; r++) p_[r * n_ + r] -= 1;
    } else {
      products_.symmetric(x, x, n_, p_);
      size = norm(a_, n_) * norm(a_, n_);
      for (std::size_t r = 0; r < n_; r++)
        for (std::size_t c = r; c < n_; c++) p_[r * n_ + c] -= a_[r * n_ + c];
    }
    for (std::size_t r = 0; r < n_; r++) {
      for (std::size_t c = r + 1; c < n_; c++) sum += 2 * p_[r * n_ + c] * p_[r * n_ + c];
      sum += p_[r * n_ + r] * p_[r * n_ + r];
    }
    *residual = std::sqrt(sum / size);
  }

  // out = X^T
  void turn(const double* x, double* out) const { tiles().turn(x, n_, n_, n_, out, n_); }

  // out = X^T X: symmetric to the bit without a copy, which costs small matrices more than half of the product.
  void square(const double* x, double* out) const {
    const Products::Rows X{x, n_, n_};
    if (n_ <= kCopied) return products_.cross(X, X, n_, out, n_);
    products_.symmetric(x, x, n_, out);
    mirror(out, n_);
  }

  ConstVector table_;
  std::size_t n_;
  bool inverse_;
  double *a_, *l_, *inverted_, *u_, *s_, *p_;
  Products products_;
};

void polar_root(Control& control, ConstVector A, Index n_, Index count_, bool inverse, ConstVector table, Vector X,
                Vector residuals, Vector facts) {
  need_shape(n_ >= 0 && count_ >= 0, "n and count must not be negative");
  const std::size_t n = n_, count = count_, square = n * n;
  need_shape(A.size() == count * square && X.size() == A.size() && residuals.size() == count &&
                 facts.size() == 3 * count && table.size() % kRung == 0,
             "A, X, residuals, facts and table must fit");
  if (n == 0) return;
  for_each_matrix(control, count, PolarRoot::doubles(n), [&](std::size_t i, double* work) {
    PolarRoot(table, n, inverse, work)
        .compute(A.data() + i * square, X.data() + i * square, &residuals[i], facts.data() + 3 * i);
  });
}

const Exposed polar_root_{expose<polar_root>("polarRoot")};

}  // namespace
}  // namespace krylov
