// Known answers of Random123, and digests that test/core/philox.test.ts holds too: both halves draw the same bits.
// c++ -std=c++20 -O2 -ffp-contract=off test/native/philox_test.cpp
#include <bit>
#include <cinttypes>
#include <cstdio>
#include <vector>

#include "../../native/core/random.hpp"

using krylov::Philox;

static int failures = 0;

static void check(bool holds, const char* what) {
  if (holds) return;
  failures++;
  std::printf("FAILED: %s\n", what);
}

// FNV-1a over the 32-bit words of the doubles, lower word first
static std::uint32_t digest(const std::vector<double>& values) {
  std::uint32_t hash = 2166136261U;
  for (const double value : values) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    hash = (hash ^ static_cast<std::uint32_t>(bits)) * 16777619U;
    hash = (hash ^ static_cast<std::uint32_t>(bits >> 32)) * 16777619U;
  }
  return hash;
}

int main() {
  constexpr std::uint32_t ones = 0xffffffffU;
  check(krylov::philox({0, 0, 0, 0}, {0, 0}) == Philox{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, "zeros");
  check(
      krylov::philox({ones, ones, ones, ones}, {ones, ones}) == Philox{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
      "ones");
  check(krylov::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
            Philox{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
        "pi");

  std::vector<double> sample(1000);
  krylov::fillUniform(sample, 42);
  std::printf("uniform %08" PRIx32 " %.17g %.17g\n", digest(sample), sample[0], sample[1]);
  check(digest(sample) == 0xcf44f3e9U, "digest of 1000 uniforms");
  krylov::fillNormal(sample, 42);
  std::printf("normal %08" PRIx32 " %.17g %.17g\n", digest(sample), sample[0], sample[1]);
  check(digest(sample) == 0x81fa2853U, "digest of 1000 normals");

  std::vector<double> part(11);
  krylov::fillNormal(part, 42, 0, 501);
  for (std::size_t i = 0; i < part.size(); i++) check(part[i] == sample[501 + i], "random access");

  krylov::fillNormal(sample, 0x1234567890abcULL, 0x1fffffffffffffULL, 0x1fffffffffff00ULL);
  std::printf("far %08" PRIx32 "\n", digest(sample));
  check(digest(sample) == 0xf14bb5cdU, "digest of a far part of a far stream");

  for (std::size_t i = 0; i < sample.size(); i++) sample[i] = krylov::exp(-745.0 + 1.4535 * static_cast<double>(i));
  std::printf("exp %08" PRIx32 "\n", digest(sample));
  check(digest(sample) == 0x359484b1U, "digest of exponentials");
  std::printf(failures == 0 ? "passed\n" : "%d failed\n", failures);
  return failures == 0 ? 0 : 1;
}
