#include <algorithm>

#include "core/method.hpp"
#include "learned/network.hpp"
#include "learned/terms.hpp"
#include "precondition/amg.hpp"
#include "precondition/lengths.hpp"

namespace krylov {

namespace {

// The networks of a hierarchy, that of the finest level first; further levels have none.
struct Networks {
  Index inputs = 0, first = 0, second = 0;
  ConstVector numbers;  // per network: means and inverse deviations of the features, then its parameters
  static constexpr auto fields = std::tuple{field("inputs", &Networks::inputs), field("first", &Networks::first),
                                            field("second", &Networks::second), field("numbers", &Networks::numbers)};
};

constexpr std::size_t kSoon = 4;  // rows ahead that are fetched: in the order of their lengths nobody foresees them

// Terms that wait until there are enough of them for the kernel.
class Waiting {
 public:
  Waiting(const NetworkShape& shape, const std::vector<float>& packed, Buffer<float>& factors)
      : shape_(shape), packed_(packed), factors_(factors) {}

  static constexpr std::size_t kStride = kNetworkLanes;
  // Where the features of an entry's term belong.
  float* place(Index entry) {
    entries_[count_] = entry;
    return x_ + count_;
  }
  // Whether that was a term.
  void keep(bool kept) {
    count_ += kept;
    if (count_ == kNetworkLanes) flush();
  }

  void flush() {
    if (count_ == 0) return;
    float out[kNetworkLanes];
    tiles().network_factors(packed_.data(), kFeatures, shape_.first, shape_.second, static_cast<float>(kReach), x_,
                            out);
    for (std::size_t t = 0; t < count_; t++) factors_[entries_[t]] = out[t];
    count_ = 0;
  }

 private:
  const NetworkShape& shape_;
  const std::vector<float>& packed_;
  Buffer<float>& factors_;
  Index entries_[kNetworkLanes] = {};
  float x_[kFeatures * kNetworkLanes] = {};
  std::size_t count_ = 0;
};

// Smoothed aggregation with the terms of prolongations weighed by networks, but on levels that are regular.
AmgBuilt learned_amg(Control& control, const Csr& A, const AmgSettings& settings, const Networks& networks) {
  const NetworkShape shape{networks.inputs, networks.first, networks.second};
  shape.check();
  const std::size_t size = 2 * kFeatures + shape.parameters();
  const std::size_t count = networks.numbers.size() / size;
  if (shape.inputs != Index{kFeatures} || count == 0 || networks.numbers.size() % size != 0)
    throw Misuse("ERR_SHAPE", "the networks do not fit the features");
  if (settings.columns != 0 || settings.block_size != 1) throw Misuse("ERR_SHAPE", "the networks are for scalars");
  std::vector<std::vector<float>> packed;
  for (std::size_t at = 0; at < count; at++) packed.push_back(pack_network(shape, networks.numbers.data() + at * size));
  const Weigh weigh = [&](Control& control, const MatrixView<double>& matrix, const double* diagonal,
                          const NodeGraph& graph, const Aggregates& found, std::size_t depth) {
    if (depth >= count || is_regular(matrix.pattern)) return Buffer<float>();
    RawLevel<double> level{matrix.pattern.row_pointers, matrix.pattern.column_indices, matrix.values,
                           static_cast<Index>(matrix.pattern.nonzeros()), 0};
    order_by_length(control, level, matrix.pattern.rows);
    const Terms terms(control, matrix, diagonal, graph, found);
    Buffer<float> factors(matrix.pattern.nonzeros());
    Pool<Terms::Scratch> pool;
    share_out(control, matrix.pattern.rows, [&](std::size_t from, std::size_t to) {
      Waiting waiting(shape, packed[depth], factors);
      std::fill(factors.data() + matrix.pattern.row_pointers[from], factors.data() + matrix.pattern.row_pointers[to],
                1.0F);
      pool.with([&] { return Terms::Scratch(terms); },
                [&](Terms::Scratch& scratch) {
                  const auto row = [&](std::size_t i) { return i / kStrip * kStrip + level.order[i]; };
                  for (std::size_t i = from; i < to; i++) {
                    if (i + kSoon < to) terms.fetch(row(i + kSoon));
                    terms.row(row(i), scratch, waiting);
                  }
                });
      waiting.flush();
    });
    return factors;
  };
  return hierarchy(control, A, {}, settings, weigh);
}

const Exposed learned_amg_{expose<learned_amg>("learnedAmg")};

}  // namespace
}  // namespace krylov
