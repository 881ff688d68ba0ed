// OpenBLAS called directly, one thread, everything allocated before: answers `method n 0 count` lines.
#include <cstdlib>
#include <random>

#include "system.hpp"

extern "C" {
void dgemm_(const char*, const char*, const int*, const int*, const int*, const double*, const double*, const int*,
            const double*, const int*, const double*, double*, const int*);
void dpotrf_(const char*, const int*, double*, const int*, int*);
void dgetrf_(const int*, const int*, double*, const int*, int*, int*);
void dgeqrf_(const int*, const int*, double*, const int*, double*, double*, const int*, int*);
void dorgqr_(const int*, const int*, const int*, double*, const int*, const double*, double*, const int*, int*);
void dgeqp3_(const int*, const int*, double*, const int*, int*, double*, double*, const int*, int*);
void dsyevd_(const char*, const char*, const int*, double*, const int*, double*, double*, const int*, int*, const int*,
             int*);
void dgesdd_(const char*, const int*, const int*, double*, const int*, double*, double*, const int*, double*,
             const int*, double*, const int*, int*, int*);
char* openblas_get_config();
}

// A is m x n, S symmetric positive definite of order n; W, U, V and the workspace are overwritten.
struct Bench {
  int m, n;
  std::vector<double> A, S, W, U, V, w, tau, work;
  std::vector<int> pivots, iwork;
  double jump;

  Bench(int m, int n) : m(m), n(n), A(std::size_t(m) * n), w(n), tau(n), pivots(n), iwork(8 * n + 10) {
    std::mt19937_64 random(1);
    std::normal_distribution<double> normal;
    for (double& a : A) a = normal(random);
    W = A;
    if (m == n) {
      S.resize(A.size());
      U = V = A;
      for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
          S[std::size_t(i) * n + j] = (A[std::size_t(i) * n + j] + A[std::size_t(j) * n + i]) / 2 + (i == j ? 4 * n : 0);
    }
    work.resize(std::size_t(64) * std::max(m, n) + (m == n ? std::size_t(8) * n * n : 0) + 4096);
  }

  double run(const std::string& method, int count) {
    const int size = int(work.size()), isize = int(iwork.size());
    const double one = 1, zero = 0;
    int info = 0;
    double total = 0;
    for (int k = 0; k < count; k++) {
      if (method != "gemm") W = method == "cholesky" || method == "eigh" ? S : A;
      if (method.rfind("qrcp-walk", 0) == 0)  // columns are sums of those before
        for (std::size_t at = m; at < W.size(); at++) W[at] += W[at - m];
      const double begun = now();
      if (method == "gemm")
        dgemm_("N", "N", &n, &n, &n, &one, A.data(), &n, S.data(), &n, &zero, U.data(), &n);
      else if (method == "cholesky")
        dpotrf_("U", &n, W.data(), &n, &info);
      else if (method == "lu")
        dgetrf_(&n, &n, W.data(), &n, pivots.data(), &info);
      else if (method == "qr") {
        dgeqrf_(&m, &n, W.data(), &m, tau.data(), work.data(), &size, &info);
        dorgqr_(&m, &n, &n, W.data(), &m, tau.data(), work.data(), &size, &info);
      } else if (method == "eigh")
        dsyevd_("V", "L", &n, W.data(), &n, w.data(), work.data(), &size, iwork.data(), &isize, &info);
      else if (method == "svd")
        dgesdd_("S", &n, &n, W.data(), &n, w.data(), U.data(), &n, V.data(), &n, work.data(), &size, iwork.data(),
                &info);
      else if (method.rfind("qrcp", 0) == 0) {
        std::fill(pivots.begin(), pivots.end(), 0);
        dgeqp3_(&m, &n, W.data(), &m, pivots.data(), tau.data(), work.data(), &size, &info);
        if (method.find("-q") != std::string::npos)
          dorgqr_(&m, &n, &n, W.data(), &m, tau.data(), work.data(), &size, &info);
      } else if (method == "transpose") {
        for (int i = 0; i < n; i += 8)
          for (int j = 0; j < n; j += 8)
            for (int c = j; c < std::min(j + 8, n); c++)
              for (int r = i; r < std::min(i + 8, n); r++) U[std::size_t(c) * n + r] = W[std::size_t(r) * n + c];
      }
      total += now() - begun;
    }
    return total;
  }
};

int main() {
  print_version(openblas_get_config());
  Request request;
  std::string made;
  std::vector<Bench> bench;
  while (next(request)) {
    if (request.preconditioner != made) {
      const std::size_t comma = request.preconditioner.find(',');
      const int m = std::atoi(request.preconditioner.c_str());
      bench.clear();
      bench.emplace_back(m, comma == std::string::npos ? m : std::atoi(request.preconditioner.c_str() + comma + 1));
      made = request.preconditioner;
    }
    print({0, bench[0].run(request.method, request.count), request.count, 0});
  }
}
