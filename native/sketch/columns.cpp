#include <cmath>

#include "core/buffer.hpp"
#include "core/csr.hpp"
#include "core/method.hpp"
#include "core/shared_out.hpp"
#include "kernels/tiles.hpp"
#include "sketch/sample.hpp"

namespace krylov {

namespace {

constexpr std::size_t kSlice = 1 << 14;  // rows of A between polls
constexpr std::size_t kNormals = 256;    // rows of A whose columns of a Gaussian are kept at a time
constexpr std::size_t kPanel = 32;       // columns of A at a time: their part of C stays in the cache
constexpr std::size_t kUnpacked = 128;   // columns of A up to which C is added to in its place
constexpr std::size_t kParts = 8;        // of the rows of C, for threads to add to at the same time

// Drawn columns, one after the other: column j is entries[pointers[j]] .. entries[pointers[j + 1] - 1].
struct Table {
  std::vector<std::size_t> pointers;
  std::vector<PackedEntry> entries;
};

template <class Sketch>
Table draw(Control& control, const Sketch& S, std::size_t first, std::size_t count) {
  constexpr bool kEven = !std::is_same_v<Sketch, VerySparse>;
  Table table;
  table.pointers.assign(count + 1, 0);
  if constexpr (kEven) {
    const std::size_t zeta = S.zeta;
    for (std::size_t j = 0; j <= count; j++) table.pointers[j] = j * zeta;
    table.entries.resize(count * zeta);
    share_out(control, count, [&](std::size_t from, std::size_t to) {
      for (std::size_t j = from; j < to; j++) draw_column(S, first + j, table.entries.data() + j * zeta);
    });
  } else {
    std::vector<PackedEntry> column(S.rows);
    for (std::size_t j = 0; j < count; j++) {
      const std::size_t length = draw_column(S, first + j, column.data());
      table.entries.insert(table.entries.end(), column.begin(), column.begin() + length);
      table.pointers[j + 1] = table.entries.size();
    }
    control.poll();
  }
  return table;
}

void check(const SketchShape& S, std::size_t first, std::size_t count, std::size_t n, std::size_t size) {
  S.check();
  if (first + count > static_cast<std::size_t>(S.columns) || size != static_cast<std::size_t>(S.rows) * n)
    throw Misuse("ERR_SHAPE", "the rows of A, the operator and C must fit");
}

std::size_t check_count(Index zeta, Index rows) {
  if (zeta < 1 || zeta > std::min<Index>(rows, 64)) throw Misuse("ERR_OPTION", "zeta must be 1 to 64 and at most rows");
  return zeta;
}
void check_entries(const SparseStack& S) { check_count(S.zeta, S.rows); }
void check_entries(const Sjlt& S) { check_count(S.zeta, S.rows); }
void check_entries(const VerySparse&) {}

// Rows of A in panels of columns, which threads share. Where C's rows are long their parts of a panel are brought
// together first, so that they lie in few pages.
template <class Sketch>
void add_dense(Control& control, const Sketch& S, const double* A, std::size_t count, std::size_t n, std::size_t first,
               Vector C) {
  const std::size_t rows = S.rows, panels = (n + kPanel - 1) / kPanel;
  const bool together = n > kUnpacked;
  check_entries(S);
  const auto width = [n](std::size_t panel) { return std::min(kPanel, n - panel * kPanel); };
  Buffer<double> own(together ? panels * rows * kPanel : 0);
  const auto each = [&](auto&& body) {
    control.crew.run(panels, [&](std::size_t begin, std::size_t end) {
      for (std::size_t panel = begin; panel < end; panel++) body(panel, own.data() + panel * rows * kPanel);
    });
    control.poll();
  };
  if (together)
    each([&](std::size_t panel, double* part) {
      for (std::size_t i = 0; i < rows; i++)
        std::copy_n(C.data() + i * n + panel * kPanel, width(panel), part + i * kPanel);
    });
  for (std::size_t from = 0; from < count; from += kSlice) {
    const std::size_t slice = std::min(kSlice, count - from);
    const Table table = draw(control, S, first + from, slice);
    each([&](std::size_t panel, double* part) {
      const std::size_t c = panel * kPanel;
      tiles().sketch_rows(table.pointers.data(), table.entries.data(), slice, A + from * n + c, n, width(panel),
                          together ? part : C.data() + c, together ? kPanel : n);
    });
  }
  if (together)
    each([&](std::size_t panel, double* part) {
      for (std::size_t i = 0; i < rows; i++)
        std::copy_n(part + i * kPanel, width(panel), C.data() + i * n + panel * kPanel);
    });
}

// C's rows shared out; each thread adds rows of A to its own, in their order.
void add_dense(Control& control, const Gaussian& S, const double* A, std::size_t count, std::size_t n,
               std::size_t first, Vector C) {
  const std::size_t rows = S.rows;
  Buffer<double> normals(std::min(kNormals, count) * rows);
  for (std::size_t from = 0; from < count; from += kNormals) {
    const std::size_t block = std::min(kNormals, count - from);
    control.crew.run(block, [&](std::size_t begin, std::size_t end) {
      for (std::size_t r = begin; r < end; r++) draw_column(S, first + from + r, {normals.data() + r * rows, rows});
    });
    control.poll();
    control.crew.run(rows, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; i++)
        for (std::size_t r = 0; r < block; r++)
          tiles().axpy(normals[r * rows + i], A + (from + r) * n, C.data() + i * n, 0, n);
    });
    control.poll();
  }
}

// Rows of a sparse A: each thread takes what falls into its rows of C.
template <class Sketch>
void add_sparse(Control& control, const Sketch& S, const Csr& A, std::size_t n, std::size_t first, Vector C) {
  const std::size_t rows = S.rows, count = A.rows();
  const auto bound = [&](std::size_t part) { return rows * part / kParts; };
  const auto column = [&](std::size_t at) {
    return std::min<std::size_t>(static_cast<std::uint32_t>(A.pattern.column_indices[at]), n - 1);
  };
  const auto pointer = [&](std::size_t i) {
    return std::min<std::size_t>(static_cast<std::uint32_t>(A.pattern.row_pointers[i]), A.nonzeros());
  };
  std::vector<double> normals;
  Table table;
  constexpr bool kDense = std::is_same_v<Sketch, Gaussian>;
  if constexpr (!kDense) check_entries(S);
  const std::size_t step = kDense ? kNormals : kSlice;
  for (std::size_t from = 0; from < count; from += step) {
    const std::size_t slice = std::min(step, count - from);
    if constexpr (kDense) {
      normals.resize(slice * rows);
      share_out(control, slice, [&](std::size_t begin, std::size_t end) {
        for (std::size_t r = begin; r < end; r++)
          draw_column(S, first + from + r, std::span<double>{normals.data() + r * rows, rows});
      });
    } else {
      table = draw(control, S, first + from, slice);
    }
    control.crew.run(kParts, [&](std::size_t begin, std::size_t end) {
      const std::size_t low = bound(begin), high = bound(end);
      for (std::size_t r = 0; r < slice; r++) {
        const std::size_t at = pointer(from + r), stop = pointer(from + r + 1);
        if constexpr (kDense) {
          for (std::size_t i = low; i < high; i++)
            for (std::size_t k = at; k < stop; k++) C[i * n + column(k)] += normals[r * rows + i] * A.values[k];
        } else {
          for (std::size_t e = table.pointers[r]; e < table.pointers[r + 1]; e++) {
            const std::size_t i = table.entries[e] >> 1;
            if (i < low || i >= high) continue;
            const double sign = (table.entries[e] & 1U) != 0 ? -1.0 : 1.0;
            for (std::size_t k = at; k < stop; k++) C[i * n + column(k)] += sign * A.values[k];
          }
        }
      }
    });
    control.poll();
  }
}

// C += S A without the factor, where A's rows are first, first + 1, ... of all, row-major. Every entry of C is summed
// in the order of A's rows, whoever computes it.
void sketch_dense(Control& control, const ColumnSketch& given, ConstVector A, double columns, double first, Vector C) {
  const std::size_t n = static_cast<std::size_t>(columns), begin = static_cast<std::size_t>(first);
  if (n == 0) return;
  const std::size_t count = A.size() / n;
  std::visit(
      [&](const auto& S) {
        check(S, begin, count, n, C.size());
        add_dense(control, S, A.data(), count, n, begin, C);
      },
      given);
}

void sketch_sparse(Control& control, const ColumnSketch& given, const Csr& A, double first, Vector C) {
  const std::size_t n = A.pattern.columns, begin = static_cast<std::size_t>(first);
  if (n == 0) return;
  std::visit(
      [&](const auto& S) {
        check(S, begin, A.rows(), n, C.size());
        add_sparse(control, S, A, n, begin, C);
      },
      given);
}

// Z = S^T Y, n columns: row j is the sum over column j of S.
template <class Sketch>
void adjoint(Control& control, const Sketch& S, ConstVector Y, std::size_t n, Vector Z) {
  constexpr bool kDense = std::is_same_v<Sketch, Gaussian>;
  const std::size_t rows = S.rows;
  double share = static_cast<double>(rows);
  if constexpr (std::is_same_v<Sketch, VerySparse>)
    share = S.density * static_cast<double>(rows);
  else if constexpr (!kDense)
    share = S.zeta;
  if constexpr (!kDense) check_entries(S);
  const double factor = 1 / std::sqrt(share);
  share_out(control, S.columns, [&](std::size_t from, std::size_t to) {
    std::vector<PackedEntry> entries(kDense ? 0 : rows);
    std::vector<double> normals(kDense ? rows : 0);
    for (std::size_t j = from; j < to; j++) {
      double* const z = Z.data() + j * n;
      std::fill_n(z, n, 0.0);
      if constexpr (kDense) {
        draw_column(S, j, std::span<double>(normals));
        for (std::size_t i = 0; i < rows; i++) tiles().axpy(normals[i], Y.data() + i * n, z, 0, n);
      } else {
        const std::size_t length = draw_column(S, j, entries.data());
        for (std::size_t e = 0; e < length; e++)
          tiles().axpy((entries[e] & 1U) != 0 ? -1.0 : 1.0, Y.data() + (entries[e] >> 1) * n, z, 0, n);
      }
      for (std::size_t c = 0; c < n; c++) z[c] *= factor;
    }
  });
}

void sketch_adjoint(Control& control, const ColumnSketch& given, ConstVector Y, double columns, Vector Z) {
  const std::size_t n = static_cast<std::size_t>(columns);
  std::visit(
      [&](const auto& S) {
        S.check();
        if (Y.size() != static_cast<std::size_t>(S.rows) * n || Z.size() != static_cast<std::size_t>(S.columns) * n)
          throw Misuse("ERR_SHAPE", "Y, the operator and Z must fit");
        adjoint(control, S, Y, n, Z);
      },
      given);
}

const Exposed methods[] = {Exposed{expose<sketch_dense>("sketchDense")}, Exposed{expose<sketch_sparse>("sketchSparse")},
                           Exposed{expose<sketch_adjoint>("sketchAdjointOf")}};

}  // namespace
}  // namespace krylov
