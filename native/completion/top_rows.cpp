#include "core/buffer.hpp"
#include "core/lookout.hpp"
#include "core/method.hpp"
#include "kernels/tiles.hpp"

namespace krylov {
namespace {

constexpr std::size_t kPiece = 4096;  // rows of V: 2 MB at rank 64
constexpr std::size_t kBlock = 256;   // of them whose scores are kept at a time

struct Scored {
  double score;
  Index row;
  bool before(const Scored& other) const { return score > other.score || (score == other.score && row < other.row); }
};
bool before(const Scored& a, const Scored& b) { return a.before(b); }

// The best of what was offered; the worst of them stands first.
class Best {
 public:
  explicit Best(std::size_t most) : most_(most) {}

  void offer(Scored one, ConstIndices excluded) {
    if (kept_.size() == most_ && !one.before(kept_.front())) return;
    if (std::binary_search(excluded.begin(), excluded.end(), one.row)) return;
    if (kept_.size() == most_) {
      std::pop_heap(kept_.begin(), kept_.end(), before);
      kept_.back() = one;
    } else {
      kept_.push_back(one);
    }
    std::push_heap(kept_.begin(), kept_.end(), before);
  }
  const std::vector<Scored>& kept() const { return kept_; }

 private:
  std::size_t most_;
  std::vector<Scored> kept_;
};

struct TopRows {
  Indices rows;
  Vector scores;
  static constexpr auto fields = std::tuple{field("rows", &TopRows::rows), field("scores", &TopRows::scores)};
};

// The rows j of V, and at most `most` of them, for which x . v_j + offsets[j] is largest, in descending order, of equal
// ones the first. `excluded`: ascending, rows that are left out. Pieces of V are shared out; each keeps its best.
TopRows top_rows(Control& control, ConstVector V, ConstVector x, ConstVector offsets, ConstIndices excluded, Index rows,
                 Index most) {
  const std::size_t n = std::max<Index>(rows, 0), rank = x.size();
  if (V.size() != n * rank || (!offsets.empty() && offsets.size() != n) || most < 0)
    throw Misuse("ERR_SHAPE", "V, x and offsets must fit");
  const std::size_t wanted = std::min<std::size_t>(most, n);
  const std::size_t pieces = wanted == 0 ? 0 : (n + kPiece - 1) / kPiece;
  std::vector<Best> best(pieces, Best(std::min(wanted, kPiece)));
  Lookout lookout(control);
  control.crew.run(pieces, [&](std::size_t first, std::size_t last) {
    double scores[kBlock];
    for (std::size_t piece = first; piece < last && !lookout.look(); piece++) {
      const std::size_t end = std::min(n, (piece + 1) * kPiece);
      for (std::size_t from = piece * kPiece; from < end; from += kBlock) {
        const std::size_t count = std::min(kBlock, end - from);
        tiles().row_products_at(V.data() + from * rank, rank, nullptr, count, static_cast<std::uint32_t>(count - 1),
                                x.data(), scores);
        for (std::size_t e = 0; e < count; e++)
          best[piece].offer({scores[e] + (offsets.empty() ? 0 : offsets[from + e]), static_cast<Index>(from + e)},
                            excluded);
      }
    }
  });
  lookout.rethrow();
  Best all(wanted);
  for (const Best& part : best)
    for (const Scored& one : part.kept()) all.offer(one, {});
  std::vector<Scored> sorted = all.kept();
  std::sort(sorted.begin(), sorted.end(), before);
  const TopRows found{control.allocate<Index>(sorted.size()), control.allocate<double>(sorted.size())};
  for (std::size_t e = 0; e < sorted.size(); e++) {
    found.rows[e] = sorted[e].row;
    found.scores[e] = sorted[e].score;
  }
  return found;
}

const Exposed top_rows_{expose<top_rows>("topRows")};

}  // namespace
}  // namespace krylov
