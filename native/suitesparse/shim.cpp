#include "suitesparse/shim.hpp"

#include <cholmod.h>

#include <cmath>
#include <cstdlib>
#include <cstring>

// CHOLMOD (Chen, Davis, Hager and Rajamanickam, ACM TOMS 35 (2008)) behind the calls of shim.hpp. Its own threads and
// those of its BLAS are kept at one: krylov's are enough.
extern "C" {
void omp_set_max_active_levels(int) __attribute__((weak));
int omp_get_max_active_levels() __attribute__((weak));
void openblas_set_num_threads(int) __attribute__((weak));
}

namespace {

struct Held {
  cholmod_common common;
  cholmod_factor* L;
};

// While it lives, parallel regions that this thread enters run on one thread; a setting of this thread alone.
class Alone {
 public:
  Alone() {
    if (!omp_set_max_active_levels || !omp_get_max_active_levels) return;
    before_ = omp_get_max_active_levels();
    omp_set_max_active_levels(0);
  }
  ~Alone() {
    if (before_ >= 0) omp_set_max_active_levels(before_);
  }

 private:
  int before_ = -1;
};

Held* make() {
  auto* const held = static_cast<Held*>(std::calloc(1, sizeof(Held)));
  if (held == nullptr) return nullptr;
  cholmod_start(&held->common);
  held->common.print = 0;
  held->common.quick_return_if_not_posdef = 1;
  return held;
}

void destroy(void* handle) {
  auto* const held = static_cast<Held*>(handle);
  if (held == nullptr) return;
  cholmod_free_factor(&held->L, &held->common);
  cholmod_finish(&held->common);
  std::free(held);
}

cholmod_sparse matrix(int n, const int* pointers, const int* indices, const double* values) {
  cholmod_sparse A{};
  A.nrow = A.ncol = n;
  A.nzmax = pointers[n];
  A.p = const_cast<int*>(pointers);
  A.i = const_cast<int*>(indices);
  A.x = const_cast<double*>(values);
  A.stype = -1;
  A.itype = CHOLMOD_INT;
  A.xtype = values ? CHOLMOD_REAL : CHOLMOD_PATTERN;
  A.dtype = CHOLMOD_DOUBLE;
  A.sorted = A.packed = 1;
  return A;
}

void* analyze(int n, const int* pointers, const int* indices) {
  const Alone alone;
  Held* const held = make();
  if (held == nullptr) return nullptr;
  cholmod_sparse A = matrix(n, pointers, indices, nullptr);
  held->L = cholmod_analyze(&A, &held->common);
  if (held->L != nullptr) return held;
  destroy(held);
  return nullptr;
}

void count_diagonal(const cholmod_factor& L, KrylovCholmodReport& report) {
  const auto* const x = static_cast<const double*>(L.x);
  const auto add = [&](double d, bool square) {
    report.log_determinant += (square ? 2 : 1) * std::log(std::abs(d));
    if (d < 0) report.negative++;
  };
  if (L.is_super) {
    const auto* const super = static_cast<const int*>(L.super);
    const auto* const rows = static_cast<const int*>(L.pi);
    const auto* const base = static_cast<const int*>(L.px);
    for (std::size_t s = 0; s < L.nsuper; s++)
      for (std::size_t j = 0, height = rows[s + 1] - rows[s]; j < static_cast<std::size_t>(super[s + 1] - super[s]);
           j++)
        add(x[base[s] + j * (height + 1)], true);
  } else {
    for (std::size_t j = 0; j < L.n; j++) add(x[static_cast<const int*>(L.p)[j]], L.is_ll);
  }
}

void* factor(void* analysis, int n, const int* pointers, const int* indices, const double* values,
             KrylovCholmodReport* report) {
  const Alone alone;
  std::memset(report, 0, sizeof *report);
  report->failed = -1;
  report->out_of_memory = 1;
  const auto* const from = static_cast<const Held*>(analysis);
  Held* const held = make();
  if (held == nullptr) return nullptr;
  held->L = cholmod_copy_factor(from->L, &held->common);
  cholmod_sparse A = matrix(n, pointers, indices, values);
  if (held->L == nullptr || !cholmod_factorize(&A, held->L, &held->common) || held->common.status < 0) {
    destroy(held);
    return nullptr;
  }
  report->out_of_memory = 0;
  if (held->L->minor < static_cast<std::size_t>(n)) {
    report->failed = static_cast<int>(held->L->minor);
    return held;
  }
  report->entries = from->common.lnz;
  report->flops = from->common.fl;
  report->bytes = static_cast<double>(held->common.memory_inuse);
  count_diagonal(*held->L, *report);
  return held;
}

bool solve(void* handle, int n, int s, double* x) {
  const Alone alone;
  auto* const held = static_cast<Held*>(handle);
  cholmod_dense B{};
  B.nrow = B.d = n;
  B.ncol = s;
  B.nzmax = static_cast<std::size_t>(n) * s;
  B.x = x;
  B.xtype = CHOLMOD_REAL;
  B.dtype = CHOLMOD_DOUBLE;
  cholmod_dense* X = cholmod_solve(CHOLMOD_A, held->L, &B, &held->common);
  if (X == nullptr) return false;
  std::memcpy(x, X->x, B.nzmax * sizeof(double));
  cholmod_free_dense(&X, &held->common);
  return true;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const KrylovSuiteSparse* krylov_suitesparse() {
  static KrylovSuiteSparse table{kKrylovSuiteSparseAbi,
                                 {CHOLMOD_MAIN_VERSION, CHOLMOD_SUB_VERSION, CHOLMOD_SUBSUB_VERSION},
                                 {},
                                 analyze,
                                 factor,
                                 solve,
                                 destroy};
  cholmod_version(table.loaded);
  if (openblas_set_num_threads) openblas_set_num_threads(1);
  return &table;
}
