#pragma once
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/control.hpp"
#include "core/spelling.hpp"

// A method registers itself from its own file: `const Exposed cg_{expose<cg>("cg")};`. What it takes and returns
// is read off its C++ type, so nothing else has to be written for it to be callable in both forms.
namespace krylov {

// One call with its arguments read: run() may happen on another thread, result() happens where read() did.
class Call {
 public:
  virtual ~Call() = default;
  virtual void run(Control&) = 0;
  virtual Handle result(Writer&) = 0;
};

struct Entry {
  const char* name;
  bool kernel;  // called by a method's steps rather than as one
  std::unique_ptr<Call> (*read)(Reader&, std::span<const Handle>);
  Handle (*call)(Reader&, Writer&, Control&, std::span<const Handle>);  // read, run and write at once
  std::string (*signature)();
  std::string (*layout)();  // JSON [[layout of each argument], layout of the result]
};

// All methods and kernels that were linked in.
std::vector<Entry>& registry();

namespace detail {

template <class F>
struct Shape;

template <class R, class... A>
struct Shape<R (*)(Control&, A...)> {
  using Result = R;
  using Arguments = std::tuple<std::remove_cvref_t<A>...>;

  // braces: read in order
  static Arguments read_all([[maybe_unused]] Leaves leaves) {
    return Arguments{read<std::remove_cvref_t<A>>(leaves, "argument")...};
  }

  [[gnu::cold]] static std::string layouts() {
    std::string list;
    ((list += (list.empty() ? "" : ",") + layout<std::remove_cvref_t<A>>()), ...);
    if constexpr (std::is_void_v<R>)
      return "[[" + list + "],0]";
    else
      return "[[" + list + "]," + layout<R>() + "]";
  }

  [[gnu::cold]] static std::string text() {
    std::string list;
    int k = 0;
    ((list += (k > 0 ? ", " : "") + std::string("arg") + std::to_string(k) + ": " + signature<std::remove_cvref_t<A>>(),
      k++),
     ...);
    return "(" + list + ") => " + signature<R>();
  }
};

template <auto F>
class Bound : public Call {
  using S = Shape<decltype(F)>;

 public:
  explicit Bound(typename S::Arguments arguments) : arguments_(std::move(arguments)) {}

  void run(Control& control) override {
    std::apply(
        [&](auto&... a) {
          if constexpr (std::is_void_v<typename S::Result>)
            F(control, a...);
          else
            result_.emplace(F(control, a...));
        },
        arguments_);
  }

  Handle result(Writer& writer) override {
    if constexpr (std::is_void_v<typename S::Result>)
      return writer.nothing();
    else {
      std::vector<Handle> leaves;
      write(writer, *result_, leaves);
      if constexpr (HasFields<typename S::Result>)
        return writer.list(leaves);
      else
        return leaves[0];
    }
  }

 private:
  struct Nothing {};
  typename S::Arguments arguments_;
  std::optional<std::conditional_t<std::is_void_v<typename S::Result>, Nothing, typename S::Result>> result_;
};

}  // namespace detail

struct Exposed {
  explicit Exposed(Entry entry) { registry().push_back(entry); }
};

template <auto F>
Entry expose(const char* name, bool kernel = false) {
  using S = detail::Shape<decltype(F)>;
  return {name,
          kernel,
          [](Reader& reader, std::span<const Handle> given) -> std::unique_ptr<Call> {
            return std::make_unique<detail::Bound<F>>(S::read_all({reader, given}));
          },
          [](Reader& reader, Writer& writer, Control& control, std::span<const Handle> given) -> Handle {
            detail::Bound<F> bound(S::read_all({reader, given}));
            bound.run(control);
            return bound.result(writer);
          },
          S::text,
          S::layouts};
}

}  // namespace krylov
