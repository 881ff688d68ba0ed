#include "core/method.hpp"

namespace krylov {

std::vector<Entry>& registry() {
  static std::vector<Entry> entries;
  return entries;
}

}  // namespace krylov
