#include <algorithm>

#include "core/method.hpp"
#include "core/random.hpp"

namespace krylov {
namespace {

constexpr std::size_t kPiece = 1 << 13;  // entries that a thread draws at a time: even, since they come in pairs

// Entries begin, begin + 1, ... of a stream of standard normals.
void normals(Control& control, Vector out, double seed, double stream, double begin) {
  control.crew.run((out.size() + kPiece - 1) / kPiece, [&](std::size_t first, std::size_t last) {
    const std::size_t from = first * kPiece, to = std::min(last * kPiece, out.size());
    fillNormal(out.subspan(from, to - from), static_cast<std::uint64_t>(seed), static_cast<std::uint64_t>(stream),
               static_cast<std::uint64_t>(begin) + from);
  });
}

const Exposed normals_{expose<normals>("normals")};

}  // namespace
}  // namespace krylov
