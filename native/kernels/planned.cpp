#include "kernels/sweeps.hpp"

namespace krylov {

namespace {

RawMatrix planned_as(const Csr& A, const CsrPlan&) { return planned(A); }

RawMatrix planned_as(const Csr& A, const Runs& plan) {
  RawMatrix M{raw(A), RawMatrix::Kind::runs, {}};
  M.runs = {plan.starts.data(),
            plan.stencils.data(),
            plan.pointers.data(),
            plan.offsets.data(),
            plan.at.data(),
            plan.constants.data(),
            plan.values.data(),
            static_cast<std::int32_t>(plan.stencils.size()),
            static_cast<std::int32_t>(plan.pointers.size()) - 1,
            static_cast<std::int32_t>(plan.offsets.size()),
            plan.constants.size(),
            plan.values.size()};
  return M;
}

RawMatrix planned_as(const Csr& A, const Sell& plan) {
  RawMatrix M{raw(A), RawMatrix::Kind::sell, {}};
  // where `order` is shorter than the rows it misses, no window is whole
  M.sell = {plan.starts.data(),
            plan.counts.data(),
            plan.order.data(),
            plan.columns.indices.data(),
            plan.columns.distances.data(),
            plan.values.data(),
            A.rows(),
            plan.order.size() == A.rows() ? plan.starts.size() : 0,
            plan.values.size()};
  return M;
}

}  // namespace

RawMatrix planned(const Matrix& A) {
  return std::visit([&A](const auto& plan) { return planned_as(A, plan); }, A.plan);
}

}  // namespace krylov
