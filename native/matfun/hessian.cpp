#include "core/method.hpp"
#include "dense/blas.hpp"
#include "matfun/one_thread.hpp"
#include "matfun/second_differences.hpp"
#include "matfun/square_products.hpp"

namespace krylov {
namespace {

// What is known of one matrix V^T diag(w) V, and room for what is made of it.
class Hessian {
 public:
  Hessian(Control& control, const double* V, std::size_t n)
      : control_(control), n_(n), turned_(n * n), half_(n * n), product_(n * n), V_(V) {
    transpose(control, V, n, n, turned_.data());
  }

  // out = V S V^T, S symmetrised.
  void into(const double* S, double* out) {
    symmetrise(S, n_, product_.data());
    cross_square(control_, product_.data(), turned_.data(), n_, half_.data());
    cross_square(control_, turned_.data(), half_.data(), n_, out);
  }

  // out = V^T M V, M symmetric.
  void back(const double* M, double* out) {
    cross_square(control_, M, V_, n_, half_.data());
    cross_square(control_, V_, half_.data(), n_, product_.data());
    symmetrise(product_.data(), n_, out);
  }

  // M_ab = sum_c f[a, b, c] (e_ac g_cb + g_ac e_cb).
  void sum(int family, double p, const std::vector<Sample2>& at, const double* g, const double* e, double* M) {
    for (std::size_t a = 0; a < n_; a++) {
      control_.poll();
      for (std::size_t b = 0; b <= a; b++) {
        double sum = 0;
        for (std::size_t c = 0; c < n_; c++) {
          const double pair = e[a * n_ + c] * g[b * n_ + c] + g[a * n_ + c] * e[b * n_ + c];
          if (pair != 0) sum += second_difference(family, p, at[a], at[b], at[c]) * pair;
        }
        M[a * n_ + b] = M[b * n_ + a] = sum;
      }
    }
  }

  // The same of x^(1/2) and x^(-1/2), whose f[a, b, c] are -1 / ((r + s) (s + t) (t + r)) of the square roots r, s and
  // t, and with inverse ones (r + s + t) / (r s t) for -1: products of what is divided by r + t. Overwrites g and e.
  void sum_of_roots(bool inverse, const double* w, double* g, double* e, double* M) {
    std::vector<double> r(n_);
    for (std::size_t a = 0; a < n_; a++) r[a] = std::sqrt(w[a]);
    for (std::size_t a = 0; a < n_; a++)
      for (std::size_t b = 0; b < n_; b++) {
        g[a * n_ + b] /= r[a] + r[b];
        e[a * n_ + b] /= r[a] + r[b];
      }
    cross_square(control_, e, g, n_, half_.data());
    if (inverse) {
      for (std::size_t a = 0; a < n_; a++)
        for (std::size_t b = 0; b < n_; b++) g[a * n_ + b] /= r[a];
      cross_square(control_, e, g, n_, product_.data());
    }
    for_each_pair(n_, [&](std::size_t at, std::size_t across, std::size_t a, std::size_t b) {
      const double first = (half_[at] + half_[across]) / (r[a] + r[b]);
      M[at] = M[across] = inverse ? (product_[at] + product_[across] + first) / (r[a] * r[b]) : -first;
    });
  }

 private:
  Control& control_;
  std::size_t n_;
  Buffer<double> turned_, half_, product_;
  const double* V_;
};

// out_i = V_i^T M_i V_i, M_ab = sum_c f[a, b, c] (e_ac g_cb + g_ac e_cb), with e = V_i E_i V_i^T and g likewise: the
// derivative of A -> pullback(G_i) at A_i = V_i^T diag(w_i) V_i in the direction E_i, all n x n by rows, one after the
// other, G and E symmetrised. 12 n^3 flops and, but for square roots, n^3 / 2 second differences each.
void spectral_hessian(Control& control, ConstVector V, ConstVector w, ConstVector f, ConstVector slopes,
                      ConstVector seconds, Index n_, Index count_, Index family, double p, ConstVector G, ConstVector E,
                      Vector out) {
  need_shape(n_ >= 0 && count_ >= 0, "n and count must not be negative");
  const std::size_t n = n_, count = count_, square = n * n;
  need_shape(V.size() == count * square && G.size() == V.size() && E.size() == V.size() && out.size() == V.size() &&
                 w.size() == count * n && f.size() == w.size(),
             "matrices must be count n^2 long, eigenvalues count n");
  for (const ConstVector list : {slopes, seconds})
    need_shape(list.empty() || list.size() == w.size(), "slopes and seconds must be count n long, or none");
  if (n == 0) return;
  const bool roots = family == kPower && std::abs(p) == 0.5;
  for_each_large(control, count, [&](std::size_t i, Control& own) {
    Buffer<double> g(square), e(square), M(square);
    Hessian hessian(own, V.data() + i * square, n);
    hessian.into(G.data() + i * square, g.data());
    hessian.into(E.data() + i * square, e.data());
    if (roots) {
      hessian.sum_of_roots(p < 0, w.data() + i * n, g.data(), e.data(), M.data());
    } else {
      std::vector<Sample2> at(n);
      for (std::size_t a = 0; a < n; a++) {
        const std::size_t k = i * n + a;
        at[a] = {{w[k], f[k], slopes.empty() ? 0 : slopes[k]}, seconds.empty() ? 0 : seconds[k]};
      }
      hessian.sum(family, p, at, g.data(), e.data(), M.data());
    }
    hessian.back(M.data(), out.data() + i * square);
  });
}

const Exposed spectral_hessian_{expose<spectral_hessian>("spectralHessian")};

}  // namespace
}  // namespace krylov
