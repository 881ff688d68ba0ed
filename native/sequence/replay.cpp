#include "core/method.hpp"
#include "sequence/cheb_cb.hpp"
#include "sequence/golden_section.hpp"
#include "sequence/thompson.hpp"
#include "sequence/tsallis_inf.hpp"

namespace krylov {

namespace {

using namespace learning;
using Learner = std::variant<Thompson, TsallisInf, ChebCb, GoldenSection>;

// Plays rounds against losses that are known beforehand, a row of one per arm each: in round t the learner of bin
// bins[t] sees c[t]; its state is that slice of `states`, overwritten. A loss of 0 teaches nothing. Writes the arms
// chosen.
void replay(Control& control, const Learner& kind, ConstVector losses, ConstIndices bins, ConstVector c, Vector states,
            Index count, Indices chosen) {
  const std::size_t rounds = chosen.size();
  const bool fits = bins.size() == rounds && c.size() == rounds && count > 0 && states.size() % count == 0;
  if (!fits) throw Misuse("ERR_SHAPE", "there must be a bin and a context per round, and a state per bin");
  std::visit(
      [&](const auto& learner) {
        const std::size_t size = states.size() / count;
        const std::size_t d = learner.arms(states.first(size));
        if (losses.size() != rounds * d) throw Misuse("ERR_SHAPE", "there must be a loss per round and arm");
        for (std::size_t t = 0; t < rounds; t++) {
          if (t % 256 == 0) control.poll();
          const Vector data = states.subspan(static_cast<std::size_t>(std::clamp(bins[t], 0, count - 1)) * size, size);
          const auto arm = std::min(static_cast<std::size_t>(integer(learner.choose(data, d, c[t]))), d - 1);
          const double loss = losses[t * d + arm];
          chosen[t] = static_cast<Index>(arm);
          if (loss > 0) learner.learn(data, d, arm, loss, c[t]);
        }
      },
      kind);
}

const Exposed replay_{expose<replay>("replay")};

}  // namespace
}  // namespace krylov
