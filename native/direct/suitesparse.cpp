#include "direct/suitesparse.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>

namespace krylov {

namespace {

const KrylovSuiteSparse* load() {
  const std::string path = find_suitesparse();
  if (path.empty()) return nullptr;
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  const auto start = reinterpret_cast<const KrylovSuiteSparse* (*)()>(dlsym(library, "krylov_suitesparse"));
  if (start == nullptr) return nullptr;
  const KrylovSuiteSparse* const table = start();
  return table->abi == kKrylovSuiteSparseAbi && table->compiled[0] == table->loaded[0] ? table : nullptr;
}

}  // namespace

// Beside the file that this function is in, or where KRYLOV_SUITESPARSE says; never in the published package.
std::string find_suitesparse() {
  std::string path;
  if (const char* given = std::getenv("KRYLOV_SUITESPARSE")) {
    path = given;
  } else {
    Dl_info here;
    if (dladdr(reinterpret_cast<void*>(&find_suitesparse), &here) == 0 || here.dli_fname == nullptr) return {};
    path = here.dli_fname;
    path = path.substr(0, path.rfind('/') + 1) + "krylov_suitesparse.so";
  }
  return access(path.c_str(), R_OK) == 0 ? path : std::string();
}

const KrylovSuiteSparse* suitesparse() {
  static const KrylovSuiteSparse* const table = load();
  return table;
}

}  // namespace krylov
