#include "kernels/lapack.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <sstream>

namespace krylov {

namespace {

std::atomic<bool> loaded{false};
std::string core;

std::string search() {
  if (const char* given = std::getenv("KRYLOV_BLAS")) {
    const std::string path = given;
    return path == "off" || access(given, R_OK) != 0 ? "" : path;
  }
  std::string folders;
  if (const char* extra = std::getenv("LD_LIBRARY_PATH")) folders = std::string(extra) + ":";
#if defined(__x86_64__)
  folders += "/usr/lib/x86_64-linux-gnu/openblas-pthread:/usr/lib/x86_64-linux-gnu:/lib/x86_64-linux-gnu:";
#elif defined(__aarch64__)
  folders += "/usr/lib/aarch64-linux-gnu/openblas-pthread:/usr/lib/aarch64-linux-gnu:/lib/aarch64-linux-gnu:";
#endif
  folders += "/usr/local/lib:/usr/lib64:/usr/lib:/lib64:/lib:/opt/homebrew/opt/openblas/lib";
  std::istringstream list(folders);
  for (std::string folder; std::getline(list, folder, ':');)
    for (const char* name : {"libopenblas.so.0", "libopenblas.0.dylib", "libopenblas.so"})
      if (const std::string path = folder + "/" + name; !folder.empty() && access(path.c_str(), R_OK) == 0) return path;
  return {};
}

// The first a.b.c in a file name.
std::string version_in(const std::string& path) {
  for (std::size_t at = path.rfind('/') + 1; at < path.size(); at++) {
    const std::size_t end = std::min(path.find_first_not_of("0123456789.", at), path.size());
    std::string part = path.substr(at, end - at);
    while (!part.empty() && part.back() == '.') part.pop_back();
    if (std::count(part.begin(), part.end(), '.') == 2 && part.front() != '.') return part;
    at = end;
  }
  return {};
}

template <class F>
bool find(void* library, const char* name, F& function) {
  function = reinterpret_cast<F>(dlsym(library, name));
  return function != nullptr;
}

const Lapack* load() {
  const std::string path = find_blas().path;
  if (path.empty()) return nullptr;
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  static Lapack table;
  void (*set_threads)(int) = nullptr;
  bool all = find(library, "openblas_set_num_threads", set_threads);
#define KRYLOV_FIND(name) all = all && find(library, #name "_", table.name)
  KRYLOV_FIND(dgemm);
  KRYLOV_FIND(dsyrk);
  KRYLOV_FIND(dtrsm);
  KRYLOV_FIND(dsytrf);
  KRYLOV_FIND(dpotrf);
  KRYLOV_FIND(dgetrf);
  KRYLOV_FIND(dgeqrf);
  KRYLOV_FIND(dgeqp3);
  KRYLOV_FIND(dorgqr);
  KRYLOV_FIND(dgeqrt3);
  KRYLOV_FIND(dtpqrt);
  KRYLOV_FIND(dsytrd);
  KRYLOV_FIND(dstedc);
  KRYLOV_FIND(dsterf);
  KRYLOV_FIND(dsyevd);
  KRYLOV_FIND(dgees);
  KRYLOV_FIND(dgesdd);
  KRYLOV_FIND(dgelsd);
#undef KRYLOV_FIND
  if (!all) return nullptr;
  set_threads(1);
  if (const char* (*name)() = nullptr; find(library, "openblas_get_corename", name)) core = name();
  loaded = true;
  return &table;
}

}  // namespace

FoundBlas find_blas() {
  FoundBlas found{search(), {}};
  if (found.path.empty()) return found;
  if (char* const real = realpath(found.path.c_str(), nullptr)) {
    found.version = version_in(real);
    std::free(real);
  }
  return found;
}

const Lapack* lapack() {
  static const Lapack* const table = load();
  return table;
}

bool lapack_is_loaded() { return loaded; }

std::string lapack_core() { return loaded ? core : std::string(); }

}  // namespace krylov
