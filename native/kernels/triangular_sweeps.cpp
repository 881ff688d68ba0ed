#include <algorithm>

#include "kernels/sweeps.hpp"

namespace krylov {

namespace {

constexpr std::size_t kLevelsPerPoll = 16;
constexpr std::size_t kLevelTile = 512;    // rows of a level that one thread takes at a time
constexpr std::int64_t kSerial = 1 << 19;  // rows and entries of a serial solve between polls: 0.5 to 5 ms

// The end of a piece of rows from `from` on, and the start of one before `to`, at most kSerial rows and entries. The
// offsets may have been written to since they were checked: pieces are longer or shorter then.
std::size_t piece_end(const Pattern& pattern, std::size_t from, std::size_t to) {
  const auto row = pattern.row_pointers.begin();
  const std::size_t last = std::min<std::size_t>(to, from + kSerial);
  const auto beyond = [](std::int64_t limit, std::int64_t at) { return limit < at; };
  return std::upper_bound(row + from + 1, row + last, row[from] + kSerial, beyond) - row;
}
std::size_t piece_start(const Pattern& pattern, std::size_t from, std::size_t to) {
  const auto row = pattern.row_pointers.begin();
  const std::size_t first = to - std::min<std::size_t>(to - from, kSerial);
  const auto before = [](std::int64_t at, std::int64_t limit) { return at < limit; };
  const std::size_t found = std::lower_bound(row + first, row + to, row[to] - kSerial, before) - row;
  return std::min(found, to - 1);
}

}  // namespace

// body(lookout, first row, last row) for every diagonal block of the factor U; returns the sum.
template <class Body>
double Sweeps::factor_blocks(const Csr& U, Index blocks, Body&& body) {
  Lookout lookout(control_);  // blocks are solved on any thread: nothing may be thrown there
  const auto solve = [&](std::size_t b) {
    return body(lookout, block_start(n_, blocks, b), block_start(n_, blocks, b + 1));
  };
  double dot = 0;
  if (blocks == 1) {
    dot = solve(0);
  } else {
    const std::size_t count = blocks;
    const Vector partial = partial_sums(count);
    const auto some = [&](std::size_t first, std::size_t last) {
      for (std::size_t b = first; b < last; b++) partial[b] = solve(b);
    };
    if (U.nonzeros() < kParallel)
      some(0, count);
    else
      control_.crew.run(count, some);
    for (std::size_t b = 0; b < count; b++) dot += partial[b];
  }
  lookout.rethrow();
  return dot;
}

double Sweeps::solve_factor(const Csr& U, ConstVector inverse_diagonal, Index blocks, ConstVector r, Vector z) {
  copy(r, z);
  return factor_blocks(U, blocks, [&](Lookout& lookout, std::size_t from, std::size_t to) {
    forward_block(lookout, U, z, from, to);
    return backward_block(lookout, U, inverse_diagonal, z, from, to);
  });
}

void Sweeps::forward_factor(const Csr& U, Index blocks, ConstVector r, Vector y) {
  copy(r, y);
  factor_blocks(U, blocks, [&](Lookout& lookout, std::size_t from, std::size_t to) {
    forward_block(lookout, U, y, from, to);
    return 0.0;
  });
}

void Sweeps::backward_factor(const Csr& U, ConstVector inverse_diagonal, Index blocks, ConstVector y, Vector z) {
  copy(y, z);
  factor_blocks(U, blocks, [&](Lookout& lookout, std::size_t from, std::size_t to) {
    return backward_block(lookout, U, inverse_diagonal, z, from, to);
  });
}

// One diagonal block; nothing outside its rows is touched.
void Sweeps::forward_block(Lookout& lookout, const Csr& U, Vector z, std::size_t from, std::size_t to) {
  const RawCsr M = raw(U);
  for (std::size_t i = from, end; i < to && !lookout.look(); i = end) {
    end = piece_end(U.pattern, i, to);
    t_.forward_solve(M, z.data(), to, i, end);
  }
}

double Sweeps::backward_block(Lookout& lookout, const Csr& U, ConstVector inverse_diagonal, Vector z, std::size_t from,
                              std::size_t to) {
  const RawCsr M = raw(U);
  double dot = 0;
  for (std::size_t end = to, i; end > from && !lookout.look(); end = i) {
    i = piece_start(U.pattern, from, end);
    dot += t_.backward_solve(M, inverse_diagonal.data(), z.data(), to, i, end);
  }
  return dot;
}

// body(first row, last row, tile) over the tiles of level l; returns how many there are.
template <class Body>
std::size_t Sweeps::level(std::size_t l, ConstIndices starts, Body&& body) {
  const std::size_t first = std::clamp<std::size_t>(starts[l], 0, n_);
  const std::size_t last = std::clamp<std::size_t>(starts[l + 1], first, n_);
  const std::size_t tiles = (last - first + kLevelTile - 1) / kLevelTile;
  if (l % kLevelsPerPoll == 0) control_.poll();
  const auto run = [&](std::size_t from, std::size_t to) {
    for (std::size_t tile = from; tile < to; tile++)
      body(first + tile * kLevelTile, std::min(first + (tile + 1) * kLevelTile, last), tile);
  };
  if (tiles <= 1)
    run(0, tiles);
  else
    control_.crew.run(tiles, run);
  return tiles;
}

void Sweeps::level_forward(const Csr& L, ConstIndices order, ConstIndices starts, ConstVector r, Vector y,
                           std::size_t from, std::size_t to) {
  const RawCsr M = raw(L);
  if (starts.empty()) {
    for (std::size_t i = from, end; i < to; i = end, control_.poll()) {
      end = piece_end(L.pattern, i, to);
      t_.level_forward(M, order.data(), r.data(), y.data(), i, end);
    }
    return;
  }
  for (std::size_t l = from; l < to; l++)
    level(l, starts, [&](std::size_t first, std::size_t last, std::size_t) {
      t_.level_forward(M, order.data(), r.data(), y.data(), first, last);
    });
}

double Sweeps::level_backward(const Csr& U, ConstVector inverse_diagonal, ConstIndices order, ConstIndices starts,
                              Vector y, Vector z, std::size_t from, std::size_t to) {
  const RawCsr M = raw(U);
  double dot = 0;
  if (starts.empty()) {
    for (std::size_t end = to, i; end > from; end = i, control_.poll()) {
      i = piece_start(U.pattern, from, end);
      dot += t_.level_backward(M, inverse_diagonal.data(), order.data(), y.data(), z.data(), i, end);
    }
    return dot;
  }
  const Vector partial = partial_sums(n_ / kLevelTile + 1);
  for (std::size_t l = to; l-- > from;) {
    const std::size_t tiles = level(l, starts, [&](std::size_t first, std::size_t last, std::size_t tile) {
      partial[tile] = t_.level_backward(M, inverse_diagonal.data(), order.data(), y.data(), z.data(), first, last);
    });
    for (std::size_t tile = 0; tile < tiles; tile++) dot += partial[tile];
  }
  return dot;
}

}  // namespace krylov
