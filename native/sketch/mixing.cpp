#include "sketch/mixing.hpp"

#include <set>

#include "core/buffer.hpp"
#include "core/method.hpp"
#include "core/shared_out.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

namespace {

constexpr std::uint64_t kTwo32 = 1ULL << 32;
constexpr std::uint64_t kRows = kTwo32;         // blocks from here on: rows that are kept
constexpr std::uint64_t kEntries = 2 * kTwo32;  // gaps between the entries of P
constexpr std::uint64_t kNormals = 4 * kTwo32;  // those entries
constexpr std::size_t kPanel = 8;               // columns at a time: one line of the cache
constexpr std::size_t kLevels = 10;             // levels of the transform that stay in the cache

Selection select(const Hadamard& S) {
  const Drawing drawing(S.state);
  const std::size_t length = padded(S.columns), rows = S.rows;
  std::set<std::size_t> chosen;
  Philox words{};
  for (std::size_t i = length - rows, k = 0; i < length; i++, k++) {
    if (k % 4 == 0) words = drawing.block(kRows + k / 4);
    const std::size_t t = below(words[k % 4], static_cast<std::uint32_t>(i + 1));
    chosen.insert(chosen.count(t) != 0 ? i : t);
  }
  Selection P;
  P.places.assign(chosen.begin(), chosen.end());
  P.values.assign(rows, 1.0);
  for (std::size_t i = 0; i <= rows; i++) P.pointers.push_back(i);
  return P;
}

Selection select(const FastJl& S) {
  const Drawing drawing(S.state);
  const double length = static_cast<double>(padded(S.columns)), end = length * S.rows;
  const double rate = S.q < 1 ? 1 / log(1 - S.q) : 0;
  Selection P;
  P.pointers.assign(1, 0);
  double at = -1;
  for (std::uint64_t t = 0;; t++) {
    const Philox words = drawing.block(kEntries + t);
    at += 1 + (S.q < 1 ? std::floor(log(sampling::unit(words[0], words[1])) * rate) : 0);
    const double row = at < end ? std::floor(at / length) : S.rows;
    while (static_cast<double>(P.pointers.size()) <= row) P.pointers.push_back(P.places.size());
    if (!(at < end)) break;
    double normal[1];
    fillNormal(normal, drawing.seed(), drawing.stream(), 2 * kNormals + t);
    P.places.push_back(static_cast<std::size_t>(at - row * length));
    P.values.push_back(normal[0] / std::sqrt(S.q));
  }
  return P;
}

// Levels [from, to) of the transform of `length` entries, `stride` panels apart.
void levels(double* x, std::size_t length, std::size_t stride, std::size_t from, std::size_t to) {
  const std::size_t wide = kPanel * stride;
  for (std::size_t h = std::size_t{1} << from; h < std::size_t{1} << to; h *= 2)
    for (std::size_t begin = 0; begin < length; begin += 2 * h)
      for (std::size_t i = begin; i < begin + h; i++)
        for (std::size_t c = 0; c < kPanel; c++) {
          double &a = x[i * wide + c], &b = x[(i + h) * wide + c];
          const double sum = a + b;
          b = a - b;
          a = sum;
        }
}

// x = H x for a panel, entries +-1 (Fino and Algazi 1976): the levels in two groups, so that each stays in the cache.
void hadamard(double* x, std::size_t length, double* work) {
  std::size_t all = 0;
  while (std::size_t{1} << all < length) all++;
  const std::size_t low = std::min(all, kLevels), block = std::size_t{1} << low, high = length / block;
  for (std::size_t from = 0; from < length; from += block) levels(x + from * kPanel, block, 1, 0, low);
  if (high == 1) return;
  for (std::size_t r = 0; r < block; r++) {
    for (std::size_t i = 0; i < high; i++) std::copy_n(x + (i * block + r) * kPanel, kPanel, work + i * kPanel);
    levels(work, high, 1, 0, all - low);
    for (std::size_t i = 0; i < high; i++) std::copy_n(work + i * kPanel, kPanel, x + (i * block + r) * kPanel);
  }
}

const SketchShape& shape_of(const MixingSketch& S) {
  return std::visit([](const auto& s) -> const SketchShape& { return s; }, S);
}

// Panels of columns shared out; body(panel's first column, its width, padded rows by panels, workspace).
template <class Body>
void panels(Control& control, std::size_t length, std::size_t n, Body&& body) {
  Pool<Buffer<double>> pool;
  const std::size_t count = (n + kPanel - 1) / kPanel;
  const std::size_t piece = std::max<std::size_t>(1, control.crew.threads());
  for (std::size_t first = 0; first < count; first += piece) {
    const std::size_t now = std::min(piece, count - first);
    // as many pieces of rows as panels, so that an allocation that fails is told here
    share_out(control, now * kRowsPerPiece, [&](std::size_t from, std::size_t to) {
      for (std::size_t p = first + from / kRowsPerPiece; p < first + to / kRowsPerPiece; p++)
        pool.with([&] { return Buffer<double>(2 * length * kPanel); },
                  [&](Buffer<double>& x) {
                    body(p * kPanel, std::min(kPanel, n - p * kPanel), x.data(), x.data() + length * kPanel);
                  });
    });
  }
}

double factor_of(const MixingSketch& S, std::size_t length) {
  const double rows = shape_of(S).rows;
  return std::sqrt(std::holds_alternative<Hadamard>(S) ? rows : rows * static_cast<double>(length));
}

void check(const SketchShape& S, std::size_t n, std::size_t a, std::size_t c) {
  S.check();
  if (a != static_cast<std::size_t>(S.columns) * n || c != static_cast<std::size_t>(S.rows) * n)
    throw Misuse("ERR_SHAPE", "A, the operator and C must fit");
}

// C = S A, n columns.
void sketch_mixing(Control& control, const MixingSketch& S, ConstVector A, double columns, Vector C) {
  const std::size_t n = static_cast<std::size_t>(columns), m = shape_of(S).columns, rows = shape_of(S).rows;
  check(shape_of(S), n, A.size(), C.size());
  const std::size_t length = padded(shape_of(S).columns);
  const std::vector<double> signs = draw_signs(shape_of(S));
  const Selection P = draw_selection(S);
  const double divisor = factor_of(S, length);
  panels(control, length, n, [&](std::size_t c, std::size_t width, double* x, double* work) {
    std::fill_n(x, length * kPanel, 0.0);
    for (std::size_t j = 0; j < m; j++)
      for (std::size_t k = 0; k < width; k++) x[j * kPanel + k] = signs[j] * A[j * n + c + k];
    hadamard(x, length, work);
    for (std::size_t i = 0; i < rows; i++) {
      double sums[kPanel] = {};
      for (std::size_t e = P.pointers[i]; e < P.pointers[i + 1]; e++)
        for (std::size_t k = 0; k < kPanel; k++) sums[k] += P.values[e] * x[P.places[e] * kPanel + k];
      for (std::size_t k = 0; k < width; k++) C[i * n + c + k] = sums[k] / divisor;
    }
  });
}

// Z = S^T Y: D H P^T Y.
void mixing_adjoint(Control& control, const MixingSketch& S, ConstVector Y, double columns, Vector Z) {
  const std::size_t n = static_cast<std::size_t>(columns), m = shape_of(S).columns, rows = shape_of(S).rows;
  check(shape_of(S), n, Z.size(), Y.size());
  const std::size_t length = padded(shape_of(S).columns);
  const std::vector<double> signs = draw_signs(shape_of(S));
  const Selection P = draw_selection(S);
  const double factor = 1 / factor_of(S, length);
  panels(control, length, n, [&](std::size_t c, std::size_t width, double* x, double* work) {
    std::fill_n(x, length * kPanel, 0.0);
    for (std::size_t i = 0; i < rows; i++)
      for (std::size_t e = P.pointers[i]; e < P.pointers[i + 1]; e++)
        for (std::size_t k = 0; k < width; k++) x[P.places[e] * kPanel + k] += P.values[e] * Y[i * n + c + k];
    hadamard(x, length, work);
    for (std::size_t j = 0; j < m; j++)
      for (std::size_t k = 0; k < width; k++) Z[j * n + c + k] = signs[j] * x[j * kPanel + k] * factor;
  });
}

const Exposed methods[] = {Exposed{expose<sketch_mixing>("sketchMixing")},
                           Exposed{expose<mixing_adjoint>("mixingAdjoint")}};

}  // namespace

std::vector<double> draw_signs(const SketchShape& S) {
  const Drawing drawing(S.state);
  std::vector<double> signs(std::max(S.columns, 0));
  Philox words{};
  for (std::size_t j = 0; j < signs.size(); j++) {
    if (j % 4 == 0) words = drawing.block(j / 4);
    signs[j] = (words[j % 4] & 1U) == 0 ? 1 : -1;
  }
  return signs;
}

Selection draw_selection(const MixingSketch& S) {
  if (const auto* transform = std::get_if<Hadamard>(&S)) {
    if (static_cast<std::size_t>(transform->rows) > padded(transform->columns))
      throw Misuse("ERR_SHAPE", "an operator keeps at most all rows of its transform");
    return select(*transform);
  }
  const FastJl& fast = std::get<FastJl>(S);
  if (!(fast.q > 0 && fast.q <= 1)) throw Misuse("ERR_OPTION", "q must be above 0, at most 1");
  return select(fast);
}

}  // namespace krylov
