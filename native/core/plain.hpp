#pragma once
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "core/error.hpp"
#include "core/types.hpp"

// Plain data between C++ and whoever calls it: numbers, typed arrays, records of them, records tagged by `kind`.
// A struct says how it maps by a field list, an enum by a name list, an alternative of a variant by its kind:
//
//   struct Jacobi {
//     static constexpr const char* kind = "jacobi";
//     ConstVector inverse_diagonal;
//     static constexpr auto fields = std::tuple{field("inverseDiagonal", &Jacobi::inverse_diagonal)};
//   };
namespace krylov {

using Handle = void*;  // a value of the calling language, opaque here

// What lives on this side and is only pointed to from the calling language, which keeps it alive. The exception to
// plain data: for what a foreign library owns.
class Resource {
 public:
  virtual ~Resource() = default;
  virtual double bytes() const { return 0; }
};
using ResourcePointer = std::shared_ptr<Resource>;

// Records cross as their leaves, in the order of their field lists, a variant's kind first: the calling language looks
// up its own fields far faster than it can be asked for them. `layout<T>()` tells it the order.

// Reads values of the calling language. A wrong type throws Misuse.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual double number(Handle, const char* what) = 0;
  virtual bool boolean(Handle, const char* what) = 0;
  virtual std::string text(Handle, const char* what) = 0;
  virtual Vector doubles(Handle, const char* what) = 0;
  virtual Floats floats(Handle, const char* what) = 0;
  virtual Indices indices(Handle, const char* what) = 0;
  virtual ResourcePointer resource(Handle, const char* what) {
    throw Misuse("ERR_TYPE", std::string(what) + " cannot be handed over here");
  }
  virtual Reals reals(Handle, const char* what) = 0;
  virtual Columns columns(Handle, const char* what) = 0;
};

// The leaves of a call's arguments, one after the other.
struct Leaves {
  Reader& reader;
  std::span<const Handle> values;
  std::size_t at = 0;

  Handle next() {
    if (at == values.size()) throw Misuse("ERR_TYPE", "too few arguments");
    return values[at++];
  }
};

// Makes values of the calling language.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual Handle number(double) = 0;
  virtual Handle boolean(bool) = 0;
  virtual Handle text(std::string_view) = 0;
  virtual Handle copy(ConstVector) = 0;                                             // a fresh array with these entries
  virtual Handle allocated(const void* data, std::size_t count, Element what) = 0;  // one that Control::allocate made
  virtual Handle list(std::span<const Handle>) = 0;
  virtual Handle nothing() = 0;
  virtual Handle resource(const ResourcePointer&) { throw Misuse("ERR_TYPE", "a handle cannot be handed over here"); }
};

template <class Record, class Member>
struct Field {
  const char* name;
  Member Record::*member;
};

template <class Record, class Member>
constexpr Field<Record, Member> field(const char* name, Member Record::*member) {
  return {name, member};
}

template <class T>
concept HasFields = requires {
  T::fields;
};
template <class T>
concept HasKind = requires {
  T::kind;
};
// An enum class names its values in order: `constexpr std::array names_of(E)` found by argument-dependent lookup.
template <class T>
concept Named = std::is_enum_v<T> && requires(T value) {
  names_of(value);
};

template <class T>
struct IsVariant : std::false_type {};
template <class... T>
struct IsVariant<std::variant<T...>> : std::true_type {};

template <class T>
T read(Leaves& leaves, const char* what);

namespace detail {

template <class V, std::size_t I = 0>
V read_variant(Leaves& leaves, const std::string& kind, const char* what) {
  if constexpr (I == std::variant_size_v<V>) {
    throw Misuse("ERR_OPTION", std::string(what) + ": unknown kind '" + kind + "'");
  } else {
    using Alternative = std::variant_alternative_t<I, V>;
    if (kind == Alternative::kind) return V(std::in_place_index<I>, read<Alternative>(leaves, what));
    return read_variant<V, I + 1>(leaves, kind, what);
  }
}

}  // namespace detail

template <class T>
T read(Leaves& leaves, const char* what) {
  Reader& reader = leaves.reader;
  if constexpr (std::is_same_v<T, double>) {
    return reader.number(leaves.next(), what);
  } else if constexpr (std::is_same_v<T, bool>) {
    return reader.boolean(leaves.next(), what);
  } else if constexpr (std::is_same_v<T, Index>) {
    const double number = reader.number(leaves.next(), what);
    if (!(number >= -2147483648.0 && number <= 2147483647.0))
      throw Misuse("ERR_TYPE", std::string(what) + " must be a 32-bit integer");
    return static_cast<Index>(number);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return reader.text(leaves.next(), what);
  } else if constexpr (std::is_same_v<T, Vector> || std::is_same_v<T, ConstVector>) {
    return reader.doubles(leaves.next(), what);
  } else if constexpr (std::is_same_v<T, Floats> || std::is_same_v<T, ConstFloats>) {
    return reader.floats(leaves.next(), what);
  } else if constexpr (std::is_same_v<T, Indices> || std::is_same_v<T, ConstIndices>) {
    return reader.indices(leaves.next(), what);
  } else if constexpr (std::is_same_v<T, ResourcePointer>) {
    return reader.resource(leaves.next(), what);
  } else if constexpr (std::is_same_v<T, Reals>) {
    return reader.reals(leaves.next(), what);
  } else if constexpr (std::is_same_v<T, Columns>) {
    return reader.columns(leaves.next(), what);
  } else if constexpr (Named<T>) {
    const std::string name = reader.text(leaves.next(), what);
    std::size_t at = 0;
    for (const char* known : names_of(T{})) {
      if (name == known) return static_cast<T>(at);
      at++;
    }
    throw Misuse("ERR_OPTION", std::string(what) + ": unknown value '" + name + "'");
  } else if constexpr (IsVariant<T>::value) {
    return detail::read_variant<T>(leaves, reader.text(leaves.next(), "kind"), what);
  } else {
    static_assert(HasFields<T>, "a struct that crosses the border lists its fields");
    T record{};
    std::apply(
        [&](const auto&... f) {
          ((record.*f.member = read<std::remove_reference_t<decltype(record.*f.member)>>(leaves, f.name)), ...);
        },
        T::fields);
    if constexpr (requires { record.check(); }) record.check();
    return record;
  }
}

// The leaves of a result.
template <class T>
void write(Writer& writer, const T& value, std::vector<Handle>& leaves) {
  if constexpr (std::is_same_v<T, double> || std::is_same_v<T, Index>) {
    leaves.push_back(writer.number(value));
  } else if constexpr (std::is_same_v<T, bool>) {
    leaves.push_back(writer.boolean(value));
  } else if constexpr (std::is_same_v<T, std::vector<double>>) {
    leaves.push_back(value.empty() ? writer.nothing() : writer.copy(value));
  } else if constexpr (std::is_same_v<T, Vector> || std::is_same_v<T, ConstVector>) {
    leaves.push_back(writer.allocated(value.data(), value.size(), Element::kDouble));
  } else if constexpr (std::is_same_v<T, Indices> || std::is_same_v<T, ConstIndices>) {
    leaves.push_back(writer.allocated(value.data(), value.size(), Element::kIndex));
  } else if constexpr (std::is_same_v<T, ResourcePointer>) {
    leaves.push_back(value ? writer.resource(value) : writer.nothing());
  } else if constexpr (std::is_same_v<T, Reals>) {
    leaves.push_back(value.singles.empty()
                         ? writer.allocated(value.doubles.data(), value.doubles.size(), Element::kDouble)
                         : writer.allocated(value.singles.data(), value.singles.size(), Element::kSingle));
  } else if constexpr (std::is_same_v<T, Columns>) {
    leaves.push_back(value.distances.empty()
                         ? writer.allocated(value.indices.data(), value.indices.size(), Element::kIndex)
                         : writer.allocated(value.distances.data(), value.distances.size(), Element::kShort));
  } else if constexpr (Named<T>) {
    leaves.push_back(writer.text(names_of(value)[static_cast<std::size_t>(value)]));
  } else {
    static_assert(HasFields<T>, "a struct that crosses the border lists its fields");
    std::apply([&](const auto&... f) { (write(writer, value.*f.member, leaves), ...); }, T::fields);
  }
}

}  // namespace krylov
