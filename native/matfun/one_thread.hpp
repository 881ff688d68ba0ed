#pragma once
#include <cstddef>

#include "core/control.hpp"
#include "core/lookout.hpp"

namespace krylov {

// What a thread works with that has a matrix of a batch for itself: no helpers, and the abort of the call.
class OneThread : public Control {
 public:
  explicit OneThread(Lookout& lookout) : Control(1), lookout_(lookout) {}

 private:
  bool cancelled() const override { return lookout_.look(); }
  Lookout& lookout_;
};

// Calls body(i, control) for every matrix of a batch: each on one thread, or of a single matrix, parts of which are
// worth sharing out, with all of them. Those parts may not depend on how many threads there are.
template <class Body>
void for_each_large(Control& control, std::size_t count, Body&& body) {
  if (count == 1) return body(std::size_t{0}, control);
  Lookout lookout(control);
  control.crew.run(count, [&](std::size_t first, std::size_t last) {
    for (; first < last && !lookout.look(); first++) try {
        OneThread own(lookout);
        body(first, own);
      } catch (const Cancelled&) {
        return;  // the lookout knows
      }
  });
  lookout.rethrow();
}

}  // namespace krylov
