#pragma once
#include "core/plain.hpp"

// How types that cross are spelled for the calling language. Asked for when the addon is built and loaded: compiled for
// size.
namespace krylov {

// The order of a type's leaves, as JSON: 0 for a leaf, [[name, layout], ...] for a record, {kind: layout} for a
// variant.
template <class T>
[[gnu::cold]] std::string layout() {
  if constexpr (IsVariant<T>::value) {
    return []<class... A>(std::type_identity<std::variant<A...>>) {
      std::string text;
      ((text += (text.empty() ? "{\"" : ",\"") + std::string(A::kind) + "\":" + layout<A>()), ...);
      return text + "}";
    }(std::type_identity<T>{});
  } else if constexpr (HasFields<T>) {
    std::string text;
    std::apply(
        [&](const auto&... f) {
          ((text += (text.empty() ? "[\"" : ",[\"") + std::string(f.name) + "\"," +
                    layout<std::remove_cvref_t<decltype(std::declval<T>().*f.member)>>() + "]"),
           ...);
        },
        T::fields);
    return "[" + text + "]";
  } else {
    return "0";
  }
}

// Whether a field may be left out: where an alternative without fields comes first, which then stands for it.
template <class T>
constexpr bool may_be_absent() {
  if constexpr (IsVariant<T>::value)
    return std::tuple_size_v<std::remove_cvref_t<decltype(std::variant_alternative_t<0, T>::fields)>> == 0;
  else
    return false;
}

// The TypeScript type of a C++ type.
template <class T>
[[gnu::cold]] std::string signature() {
  if constexpr (std::is_void_v<T>) {
    return "void";
  } else if constexpr (std::is_same_v<T, double> || std::is_same_v<T, Index>) {
    return "number";
  } else if constexpr (std::is_same_v<T, bool>) {
    return "boolean";
  } else if constexpr (std::is_same_v<T, std::string>) {
    return "string";
  } else if constexpr (std::is_same_v<T, ResourcePointer>) {
    return "object";
  } else if constexpr (std::is_same_v<T, Vector> || std::is_same_v<T, ConstVector> ||
                       std::is_same_v<T, std::vector<double>>) {
    return "Float64Array";
  } else if constexpr (std::is_same_v<T, Floats> || std::is_same_v<T, ConstFloats>) {
    return "Float32Array";
  } else if constexpr (std::is_same_v<T, Indices> || std::is_same_v<T, ConstIndices>) {
    return "Int32Array";
  } else if constexpr (std::is_same_v<T, Reals>) {
    return "Float64Array | Float32Array";
  } else if constexpr (std::is_same_v<T, Columns>) {
    return "Int32Array | Int16Array";
  } else if constexpr (Named<T>) {
    std::string text;
    for (const char* name : names_of(T{})) text += (text.empty() ? "'" : " | '") + std::string(name) + "'";
    return text;
  } else if constexpr (IsVariant<T>::value) {
    return []<class... A>(std::type_identity<std::variant<A...>>) {
      std::string text;
      ((text += (text.empty() ? "" : " | ") + signature<A>()), ...);
      return text;
    }(std::type_identity<T>{});
  } else {
    std::string text;
    if constexpr (HasKind<T>) text = "kind: '" + std::string(T::kind) + "'";
    std::apply(
        [&](const auto&... f) {
          ((text += (text.empty() ? "" : "; ") + std::string(f.name) +
                    (may_be_absent<std::remove_cvref_t<decltype(std::declval<T>().*f.member)>>() ? "?: " : ": ") +
                    signature<std::remove_cvref_t<decltype(std::declval<T>().*f.member)>>()),
           ...);
        },
        T::fields);
    return "{ " + text + " }";
  }
}

// How a type crosses, compiled once: `extern` where it is defined, empty in one source. Readers of nested variants are
// long, and each source that registers a method would compile them anew.
#define KRYLOV_CROSSES_IN_ONE_PLACE(extern, type)        \
  extern template type read<type>(Leaves&, const char*); \
  extern template std::string layout<type>();            \
  extern template std::string signature<type>()

}  // namespace krylov
