#include "border/blas.hpp"

#include <unistd.h>

#include <cstdlib>
#include <sstream>

namespace krylov {

std::string find_blas() {
  std::string folders;
  if (const char* extra = std::getenv("LD_LIBRARY_PATH")) folders = std::string(extra) + ":";
#if defined(__x86_64__)
  folders += "/usr/lib/x86_64-linux-gnu:/lib/x86_64-linux-gnu:";
#elif defined(__aarch64__)
  folders += "/usr/lib/aarch64-linux-gnu:/lib/aarch64-linux-gnu:";
#endif
  folders += "/usr/local/lib:/usr/lib64:/usr/lib:/lib64:/lib:/opt/homebrew/opt/openblas/lib";
  std::istringstream list(folders);
  for (std::string folder; std::getline(list, folder, ':');)
    for (const char* name : {"libopenblas.so.0", "libopenblas.0.dylib", "libopenblas.so"})
      if (const std::string path = folder + "/" + name; !folder.empty() && access(path.c_str(), R_OK) == 0) return path;
  return {};
}

}  // namespace krylov
