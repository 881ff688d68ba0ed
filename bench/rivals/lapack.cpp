// LAPACK as a contender on least squares: answers `method m,n kappa count` lines. OpenBLAS, one thread. Matrices lie by
// columns, which is LAPACK's best case.
#include <cstdlib>
#include <random>

#include "system.hpp"

extern "C" {
void dgels_(const char*, const int*, const int*, const int*, double*, const int*, double*, const int*, double*,
            const int*, int*);
void dgemv_(const char*, const int*, const int*, const double*, const double*, const int*, const double*, const int*,
            const double*, double*, const int*);
void dgemm_(const char*, const char*, const int*, const int*, const int*, const double*, const double*, const int*,
            const double*, const int*, const double*, double*, const int*);
char* openblas_get_config();
}

// A = G diag(logspace(0, -log10 kappa)) V / sqrt(m) with normal G and V, by columns; b = A 1 + 1e-3 noise.
struct Problem {
  int m, n;
  std::vector<double> A, b;

  Problem(int m, int n, double kappa) : m(m), n(n), A(std::size_t(m) * n), b(m) {
    std::mt19937_64 random(1);
    std::normal_distribution<double> normal;
    std::vector<double> G(A.size()), V(std::size_t(n) * n), ones(n, 1);
    for (int j = 0; j < n; j++)
      for (int i = 0; i < m; i++)
        G[std::size_t(j) * m + i] = normal(random) * std::pow(kappa, -double(j) / (n - 1)) / std::sqrt(m);
    for (double& v : V) v = normal(random) / std::sqrt(n);
    const double one = 1, zero = 0;
    const int step = 1;
    dgemm_("N", "N", &m, &n, &n, &one, G.data(), &m, V.data(), &n, &zero, A.data(), &m);
    dgemv_("N", &m, &n, &one, A.data(), &m, ones.data(), &step, &zero, b.data(), &step);
    for (double& v : b) v += 1e-3 * normal(random) / std::sqrt(m);
  }
};

static Timing dgels(const Problem& problem) {
  std::vector<double> A = problem.A, b = problem.b;
  const int sides = 1;
  int size = -1, info = 0;
  double wanted = 0;
  dgels_("N", &problem.m, &problem.n, &sides, A.data(), &problem.m, b.data(), &problem.m, &wanted, &size, &info);
  size = int(wanted);
  std::vector<double> work(size);
  const double begun = now();
  dgels_("N", &problem.m, &problem.n, &sides, A.data(), &problem.m, b.data(), &problem.m, work.data(), &size, &info);
  return {0, now() - begun, 1, 0};
}

// A by rows here: the transpose of what LAPACK sees.
static Timing dgemv(const Problem& problem, int count) {
  std::vector<double> x(problem.n, 1), y(problem.m);
  const double one = 1, zero = 0;
  const int step = 1;
  const double begun = now();
  for (int k = 0; k < count; k++)
    dgemv_("T", &problem.n, &problem.m, &one, problem.A.data(), &problem.n, x.data(), &step, &zero, y.data(), &step);
  return {0, now() - begun, count, 0};
}

int main() {
  print_version(openblas_get_config());
  Request request;
  std::string made;
  std::vector<Problem> problem;
  while (next(request)) {
    const std::string wanted = request.preconditioner + " " + std::to_string(request.rtol);
    if (wanted != made) {
      const std::size_t comma = request.preconditioner.find(',');
      problem.clear();
      problem.emplace_back(std::atoi(request.preconditioner.c_str()),
                           std::atoi(request.preconditioner.c_str() + comma + 1), request.rtol);
      made = wanted;
    }
    print(request.method == "dgemv" ? dgemv(problem[0], request.count) : dgels(problem[0]));
  }
}
