#include "core/method.hpp"

namespace krylov {

std::vector<Entry>& registry() {
  // leaked on purpose: other threads may still run when the process exits
  static auto* const entries = new std::vector<Entry>;
  return *entries;
}

}  // namespace krylov
