#include "core/method.hpp"
#include "dense/transpose.hpp"
#include "matfun/batch.hpp"
#include "matfun/differences.hpp"
#include "matfun/eigenbasis.hpp"

// Functions of a batch of symmetric matrices in their eigenbases. Matrices lie one after the other, n x n by rows; of V
// the rows are the eigenvectors: A = V^T diag(w) V.
namespace krylov {
namespace {

void need_batch(Index n, Index count, std::initializer_list<std::size_t> squares,
                std::initializer_list<std::size_t> rows) {
  need_shape(n >= 0 && count >= 0, "n and count must not be negative");
  const std::size_t order = n, matrices = count;
  bool fits = true;
  for (const std::size_t size : squares) fits = fits && size == matrices * order * order;
  for (const std::size_t size : rows) fits = fits && size == matrices * order;
  need_shape(fits, "matrices must be count n^2 long, eigenvalues count n");
}

// A_i = V_i^T diag(w_i) V_i of every (A_i + A_i^T) / 2. facts[3 i ..]: max |a - a^T|, max |a| (NaN: an entry is not
// finite, and nothing else is computed), what LAPACK says. 9 n^3 flops each.
void eigh_batch(Control& control, ConstVector A, Index n_, Index count, Vector V, Vector w, Vector facts) {
  need_batch(n_, count, {A.size(), V.size()}, {w.size()});
  need_shape(facts.size() == 3 * static_cast<std::size_t>(count), "facts must be 3 count long");
  const std::size_t n = n_, square = n * n;
  if (n == 0) return std::fill(facts.begin(), facts.end(), 0.0);
  const Eigenbasis basis(n);
  const std::size_t ld = basis.stride(), line = (n + kLine - 1) / kLine * kLine;
  for_each_matrix(control, count, n * ld + square + 2 * line + basis.doubles(), [&](std::size_t i, double* work) {
    double *const values = work + n * ld, *const rest = values + line, *const vectors = rest + basis.doubles();
    const Symmetrised found = symmetrise(A.data() + i * square, n, vectors);
    double* const fact = facts.data() + 3 * i;
    fact[0] = found.asymmetry;
    fact[1] = found.largest;
    fact[2] = 0;
    if (std::isnan(found.largest)) return;
    const int exponent = found.largest > 0 ? std::ilogb(found.largest) : 0;
    // in two factors, each a number also where the matrix is subnormal
    const double half = std::ldexp(1, -exponent / 2), other = std::ldexp(1, -exponent + exponent / 2);
    for (std::size_t r = 0; r < n; r++) {
      for (std::size_t c = 0; c < n; c++) work[r * ld + c] = vectors[r * n + c] * half * other;
      std::fill(work + r * ld + n, work + (r + 1) * ld, 0.0);
    }
    fact[2] = basis.compute(work, values, vectors, rest);
    std::copy_n(vectors, square, V.data() + i * square);
    for (std::size_t r = 0; r < n; r++) w[i * n + r] = std::ldexp(values[r], exponent);
  });
}

// The upper triangle of X = V^T diag(f) V.
void assemble(const Products& products, const double* v, const double* f, std::size_t n, double* negative, double* x) {
  for (std::size_t r = 0; r < n; r++) negative[r] = -f[r];
  products.negative_congruent(v, negative, n, x);
}

// ||R - (A + A^T) / 2||_F / ||A||_F of R's upper triangle, in numbers scaled by the largest of A; 0 where A is.
double distance(const double* a, const double* R, std::size_t n) {
  double largest = 0, far = 0, size = 0;
  for (std::size_t at = 0; at < n * n; at++) largest = std::max(largest, std::abs(a[at]));
  if (largest == 0) return 0;
  const double scale = std::min(1 / largest, 0x1p1000);  // of subnormal numbers the reciprocal is none
  for_each_pair(n, [&](std::size_t at, std::size_t across, std::size_t r, std::size_t c) {
    const double s = 0.5 * a[at] + 0.5 * a[across], weight = r == c ? 1 : 2;
    const double d = (R[across] - s) * scale, e = s * scale;
    far += weight * d * d;
    size += weight * e * e;
  });
  return std::sqrt(far / size);
}

// X_i = V_i^T diag(f_i) V_i, symmetric to the bit, and residuals[i]: with `square` ||X_i^2 - A_i||_F / ||A_i||_F, else
// ||V_i^T diag(w_i) V_i - A_i||_F / ||A_i||_F. 2 n^3 flops each.
void spectral_value(Control& control, ConstVector A, ConstVector V, ConstVector w, ConstVector f, Index n_, Index count,
                    bool square_root, Vector X, Vector residuals) {
  need_batch(n_, count, {A.size(), V.size(), X.size()}, {w.size(), f.size()});
  need_shape(residuals.size() == static_cast<std::size_t>(count), "residuals must be count long");
  const std::size_t n = n_, square = n * n;
  if (n == 0) return std::fill(residuals.begin(), residuals.end(), 0.0);
  for_each_matrix(control, count, square + n + kLine + Products::doubles(n), [&](std::size_t i, double* work) {
    double *const x = X.data() + i * square, *const R = work + Products::doubles(n), *const negative = R + square;
    const double* const v = V.data() + i * square;
    const Products products(n, work);
    assemble(products, v, f.data() + i * n, n, negative, x);
    mirror(x, n);
    if (square_root)
      products.symmetric(x, x, n, R);
    else
      assemble(products, v, w.data() + i * n, n, negative, R);
    residuals[i] = distance(A.data() + i * square, R, n);
  });
}

// out_i = V_i^T (D_i o (V_i G_i V_i^T)) V_i with G_i symmetrised and D_i the divided differences: the derivative of
// A -> f(A) at A_i in the direction G_i, and its own adjoint (Higham 2008, theorem 3.11). sizes[i]: max |g| of G_i;
// NaN, as all of out_i, where an entry is not finite. 6.3 n^3 flops each.
void spectral_derivative(Control& control, ConstVector V, ConstVector w, ConstVector f, ConstVector slopes, Index n_,
                         Index count, Index family, double p, ConstVector G, Vector out, Vector sizes) {
  need_batch(n_, count, {V.size(), G.size(), out.size()}, {w.size(), f.size()});
  need_shape(sizes.size() == static_cast<std::size_t>(count), "sizes must be count long");
  need_shape(slopes.empty() || slopes.size() == f.size(), "slopes must be count n long, or none");
  const std::size_t n = n_, square = n * n;
  if (n == 0) return std::fill(sizes.begin(), sizes.end(), 0.0);
  for_each_matrix(control, count, 3 * square + Products::doubles(n), [&](std::size_t i, double* work) {
    double *const S = work + Products::doubles(n), *const P = S + square, *const turned = P + square;
    const Products products(n, work);
    const double *const x = w.data() + i * n, *const y = f.data() + i * n;
    const double *const slope = slopes.empty() ? y : slopes.data() + i * n, *const v = V.data() + i * square;
    sizes[i] = symmetrise(G.data() + i * square, n, S).largest;
    double* const derivative = out.data() + i * square;
    if (std::isnan(sizes[i])) return void(std::fill_n(derivative, square, sizes[i]));
    std::copy_n(v, square, turned);
    transpose(turned, n);
    products.cross({S, n, n}, {turned, n, n}, n, P, n);  // G V^T
    products.symmetric(turned, P, n, S);
    for_each_pair(n, [&](std::size_t at, std::size_t across, std::size_t r, std::size_t c) {
      S[at] = S[across] = S[across] * first_difference(family, p, {x[r], y[r], slope[r]}, {x[c], y[c], slope[c]});
    });
    products.cross({S, n, n}, {v, n, n}, n, P, n);
    products.symmetric(v, P, n, derivative);
    mirror(derivative, n);
  });
}

const Exposed eigh_batch_{expose<eigh_batch>("eighBatch")};
const Exposed spectral_value_{expose<spectral_value>("spectralValue")};
const Exposed spectral_derivative_{expose<spectral_derivative>("spectralDerivative")};

}  // namespace
}  // namespace krylov
