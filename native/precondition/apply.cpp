#include "precondition/apply.hpp"

#include <algorithm>

#include "core/shared_out.hpp"

namespace krylov {

namespace {

void need(bool fits) {
  if (!fits) throw Misuse("ERR_SHAPE", "option preconditioner must be for as many unknowns as A has");
}

}  // namespace

void Jacobi::check_order(std::size_t n) const { need(inverse_diagonal.size() == n); }

void Factor::check_order(std::size_t n) const {
  need(inverse_diagonal.size() == n && upper.rows() == n && upper.pattern.rows == upper.pattern.columns);
  upper.pattern.check_indices();
  need(blocks >= 1 && static_cast<std::size_t>(blocks) <= std::max<std::size_t>(n, 1));
  for (Index b = 0; b < blocks; b++)
    for (Index i = block_start(upper.pattern.rows, blocks, b), end = block_start(upper.pattern.rows, blocks, b + 1);
         i < end && blocks > 1; i++) {
      // clamped, since somebody may write into the pattern after the check
      const std::size_t last = std::min<std::size_t>(upper.pattern.row_pointers[i + 1], upper.nonzeros());
      need(last == 0 || upper.pattern.row_pointers[i] == upper.pattern.row_pointers[i + 1] ||
           upper.pattern.column_indices[last - 1] < end);
    }
}

void LevelFactor::check_order(std::size_t n) const {
  need(inverse_diagonal.size() == n && order.size() == n && !starts.empty() && starts.size() <= n + 1);
  for (const Csr* part : {&lower, &upper}) {
    need(part->rows() == n && part->pattern.rows == part->pattern.columns);
    part->pattern.check_indices();
  }
  bool fits = starts.front() == 0 && static_cast<std::size_t>(starts.back()) == n;
  for (std::size_t l = 0; l + 1 < starts.size(); l++) fits &= starts[l] <= starts[l + 1];
  for (const Index i : order) fits &= i >= 0 && static_cast<std::size_t>(i) < n;
  need(fits);
}

void DiagonalFactor::check_order(std::size_t n) const {
  need(inverse_diagonal.size() == n && static_cast<std::size_t>(std::max(upper.plan.rows, 0)) == n);
}

void Chebyshev::check_order(std::size_t n) const {
  need(inverse_diagonal.size() == n && matrix.rows() == n && matrix.pattern.rows == matrix.pattern.columns);
  matrix.pattern.check_indices();
}

void TwoLevel::check_order(std::size_t n) const {
  std::visit([n](const auto& m) { m.check_order(n); }, base);
  const std::size_t count = coarse.order.size();
  coarse.check_order(count);
  need(aggregates.size() == n && starts.size() == count + 1 && members.size() <= n);
  bool fits = starts.front() == 0 && static_cast<std::size_t>(starts.back()) == members.size();
  for (std::size_t c = 0; c < count; c++) fits &= starts[c] <= starts[c + 1];
  for (const Index c : aggregates) fits &= c >= -1 && c < static_cast<Index>(count);
  for (const Index i : members) fits &= i >= 0 && static_cast<std::size_t>(i) < n;
  need(fits);
}

Applied::Applied(Control& control, const Preconditioner& M, std::size_t n) : M_(M) {
  std::visit([n](const auto& m) { m.check_order(n); }, M);
  if (std::holds_alternative<LevelFactor>(M) || std::holds_alternative<LuFactor>(M)) t_ = control.arena.doubles(n);
  if (const auto* factor = std::get_if<LdltFactor>(&M)) direct_.emplace(control, *factor);
  if (const Amg* amg = std::get_if<Amg>(&M)) multigrid_ = std::make_unique<Multigrid>(control, *amg);
  if (const auto* factor = std::get_if<DiagonalFactor>(&M)) diagonals_.emplace(factor->upper);
  if (const auto* two = std::get_if<TwoLevel>(&M)) {
    base_record_ =
        std::make_unique<Preconditioner>(std::visit([](const auto& base) { return Preconditioner(base); }, two->base));
    base_ = std::make_unique<Applied>(control, *base_record_, n);
    direct_.emplace(control, two->coarse);
    d_ = control.arena.doubles(two->coarse.order.size());
    t_ = control.arena.doubles(two->coarse.order.size());
  }
  if (const auto* chebyshev = std::get_if<Chebyshev>(&M)) chebyshev_.emplace(control, *chebyshev, n);
}

double Applied::operator()(Sweeps& k, ConstVector r, Vector z) {
  return std::visit([&](const auto& m) { return apply(k, m, r, z); }, M_);
}

void Applied::forward(Sweeps& k, ConstVector r, Vector y) {
  if (const auto* M = std::get_if<Factor>(&M_)) return k.forward_factor(M->upper, M->blocks, r, y);
  if (const auto* M = std::get_if<LevelFactor>(&M_))
    return k.level_forward(M->lower, M->order, M->starts, r, y, 0, M->starts.size() - 1);
  if (const auto* M = std::get_if<LuFactor>(&M_)) return k.level_forward(M->lower, M->rows, {}, r, y, 0, r.size());
  if (!diagonals_) throw Misuse("ERR_OPTION", "a preconditioner that is split must be a factorization");
  diagonals_->forward(k.control(), r, y, 0, diagonals_->steps());
}

void Applied::backward(Sweeps& k, ConstVector y, Vector z) {
  if (const auto* M = std::get_if<Factor>(&M_))
    return k.backward_factor(M->upper, M->inverse_diagonal, M->blocks, y, z);
  if (const auto* M = std::get_if<DiagonalFactor>(&M_)) {
    k.copy(y, z);
    diagonals_->backward(k.control(), M->inverse_diagonal, z, 0, diagonals_->steps());
    return;
  }
  if (!t_.empty()) k.copy(y, t_);  // the solve writes there
  if (const auto* M = std::get_if<LevelFactor>(&M_)) {
    k.level_backward(M->upper, M->inverse_diagonal, M->order, M->starts, t_, z, 0, M->starts.size() - 1);
  } else if (const auto* M = std::get_if<LuFactor>(&M_)) {
    k.level_backward(M->upper, M->inverse_diagonal, M->columns, {}, t_, z, 0, y.size());
  } else {
    throw Misuse("ERR_OPTION", "a preconditioner that is split must be a factorization");
  }
}

double Applied::apply(Sweeps& k, const LuFactor& M, ConstVector r, Vector z) {
  const std::size_t n = r.size();
  k.level_forward(M.lower, M.rows, {}, r, t_, 0, n);
  k.level_backward(M.upper, M.inverse_diagonal, M.columns, {}, t_, z, 0, n);
  return k.dot(r, z);
}

double Applied::apply(Sweeps& k, const TwoLevel& M, ConstVector r, Vector z) {
  (*base_)(k, r, z);
  const std::size_t n = r.size(), count = d_.size();
  const auto clamp = [](Index at, std::size_t size) {
    return std::min(static_cast<std::size_t>(static_cast<std::uint32_t>(at)), size);
  };
  // clamped, since somebody may write into the record after the check
  share_out(k.control(), count, [&](std::size_t from, std::size_t to) {
    for (std::size_t c = from; c < to; c++) {
      double sum = 0;
      const std::size_t end = clamp(M.starts[c + 1], M.members.size());
      for (std::size_t m = clamp(M.starts[c], end); m < end; m++) sum += r[clamp(M.members[m], n - 1)];
      d_[c] = sum;
    }
  });
  (*direct_)(d_, t_, 1, true);
  share_out(k.control(), n, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to && count > 0; i++)
      if (M.aggregates[i] >= 0) z[i] += t_[clamp(M.aggregates[i], count - 1)];
  });
  return k.dot(r, z);
}

}  // namespace krylov
