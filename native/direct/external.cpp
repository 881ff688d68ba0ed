#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

#include "core/method.hpp"
#include "core/owned.hpp"
#include "direct/refine.hpp"
#include "direct/suitesparse.hpp"

namespace krylov {

namespace {

const KrylovSuiteSparse& library() {
  const KrylovSuiteSparse* const table = suitesparse();
  if (table == nullptr) throw Misuse("ERR_BACKEND", "SuiteSparse is not to be had");
  return *table;
}

// An analysis or a factorization that CHOLMOD owns.
class External : public Resource {
 public:
  External(void* handle, std::size_t order, double bytes, bool factor)
      : order_(order), factor_(factor), handle_(handle), bytes_(bytes) {}
  ~External() override { library().destroy(handle_); }
  double bytes() const override { return bytes_; }

  // One call at a time: CHOLMOD keeps workspace with it.
  template <class Act>
  auto use(Act&& act) {
    std::lock_guard lock(mutex_);
    return act(handle_);
  }
  static External& of(const ResourcePointer& resource, std::size_t order, bool factor) {
    auto* const external = dynamic_cast<External*>(resource.get());
    if (external == nullptr || external->factor_ != factor)
      throw Misuse("ERR_TYPE", factor ? "this is no factor of SuiteSparse" : "this is no analysis of SuiteSparse");
    if (external->order_ != order) throw Misuse("ERR_SHAPE", "the handle is not for a matrix of this order");
    return *external;
  }

 private:
  const std::size_t order_;
  const bool factor_;
  void* handle_;
  double bytes_;
  std::mutex mutex_;
};

struct Analysis {
  ResourcePointer handle;
  static constexpr auto fields = std::tuple{field("handle", &Analysis::handle)};
};

struct ExternalReport {
  ResourcePointer handle;  // null where it failed
  double failed = -1;      // column whose pivot is not positive, or -1
  double negative = 0, entries = 0, flops = 0, memory = 0, log_determinant = 0;
  static constexpr auto fields = std::tuple{field("handle", &ExternalReport::handle),
                                            field("failed", &ExternalReport::failed),
                                            field("negative", &ExternalReport::negative),
                                            field("entries", &ExternalReport::entries),
                                            field("flops", &ExternalReport::flops),
                                            field("memory", &ExternalReport::memory),
                                            field("logDeterminant", &ExternalReport::log_determinant)};
};

// Nothing here can be interrupted once CHOLMOD runs.
Analysis external_analyze(Control& control, const Pattern& given) {
  if (given.rows != given.columns) throw Misuse("ERR_SHAPE", "the pattern must be square");
  const Pattern pattern = owned(control, given);
  control.poll();
  void* const handle = library().analyze(pattern.rows, pattern.row_pointers.data(), pattern.column_indices.data());
  if (handle == nullptr) throw Misuse("ERR_MEMORY", "CHOLMOD has no memory for the analysis");
  return {std::make_shared<External>(handle, pattern.rows, 8.0 * pattern.rows, false)};
}

ExternalReport external_factor(Control& control, const Csr& A, const ResourcePointer& analysis) {
  External& from = External::of(analysis, A.rows(), false);
  const Pattern pattern = owned(control, A.pattern);
  control.poll();
  KrylovCholmodReport report;
  void* const handle = from.use([&](void* analyzed) {
    return library().factor(analyzed, pattern.rows, pattern.row_pointers.data(), pattern.column_indices.data(),
                            A.values.data(), &report);
  });
  if (handle == nullptr) throw Misuse("ERR_MEMORY", "CHOLMOD has no memory for the factor");
  const auto held = std::make_shared<External>(handle, A.rows(), report.bytes, true);
  ExternalReport out{held,
                     static_cast<double>(report.failed),
                     static_cast<double>(report.negative),
                     report.entries,
                     report.flops,
                     report.bytes,
                     report.log_determinant};
  if (report.failed >= 0) out.handle = nullptr;
  return out;
}

double external_solve(Control& control, const Csr& A, const ResourcePointer& factor, ConstVector b, Vector x,
                      Index columns, double rtol, Index most, Vector residual_norms, Vector backward_errors) {
  External& held = External::of(factor, A.rows(), true);
  const std::size_t n = A.rows();
  std::vector<double> work(n * std::max<Index>(columns, 0));
  return refine(control, {A, b, x, columns, rtol, most, residual_norms, backward_errors},
                [&](ConstVector r, Vector z, std::size_t s) {
                  for (std::size_t i = 0; i < n; i++)
                    for (std::size_t c = 0; c < s; c++) work[c * n + i] = r[i * s + c];
                  const bool ok = held.use([&](void* handle) {
                    return library().solve(handle, static_cast<int>(n), static_cast<int>(s), work.data());
                  });
                  if (!ok) throw Misuse("ERR_MEMORY", "CHOLMOD has no memory for the solution");
                  for (std::size_t i = 0; i < n; i++)
                    for (std::size_t c = 0; c < s; c++) z[i * s + c] = work[c * n + i];
                });
}

const Exposed methods[] = {Exposed{expose<external_analyze>("externalAnalyze")},
                           Exposed{expose<external_factor>("externalFactor")},
                           Exposed{expose<external_solve>("externalSolve")}};

}  // namespace
}  // namespace krylov
