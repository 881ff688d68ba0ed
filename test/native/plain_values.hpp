#pragma once
#include <deque>
#include <initializer_list>
#include <string>
#include <variant>
#include <vector>

#include "core/method.hpp"

// The registry's methods called from C++: what JavaScript values are at the border, these are here.
namespace krylov {

using List = std::vector<Handle>;
using Value =
    std::variant<std::monostate, double, bool, std::string, Vector, Floats, Indices, Shorts, std::vector<double>, List>;

class Values : public Reader, public Writer {
 public:
  template <class T>
  Handle make(T value) {
    values_.emplace_back(std::move(value));
    return &values_.back();
  }
  template <class T>
  static const T& get(Handle handle) {
    return std::get<T>(*static_cast<Value*>(handle));
  }

  double number(Handle h, const char* what) override { return expect<double>(h, what); }
  bool boolean(Handle h, const char* what) override { return expect<bool>(h, what); }
  std::string text(Handle h, const char* what) override { return expect<std::string>(h, what); }
  Vector doubles(Handle h, const char* what) override { return expect<Vector>(h, what); }
  Floats floats(Handle h, const char* what) override { return expect<Floats>(h, what); }
  Indices indices(Handle h, const char* what) override { return expect<Indices>(h, what); }

  Reals reals(Handle h, const char* what) override {
    if (const Floats* value = std::get_if<Floats>(static_cast<Value*>(h))) return {{}, *value};
    return {expect<Vector>(h, what), {}};
  }

  Columns columns(Handle h, const char* what) override {
    if (const Shorts* value = std::get_if<Shorts>(static_cast<Value*>(h))) return {{}, *value};
    return {expect<Indices>(h, what), {}};
  }

  Handle number(double value) override { return make(value); }
  Handle boolean(bool value) override { return make(value); }
  Handle text(std::string_view value) override { return make(std::string(value)); }
  Handle copy(ConstVector value) override { return make(std::vector<double>(value.begin(), value.end())); }
  Handle allocated(const void* data, std::size_t count, Element what) override {
    void* const start = const_cast<void*>(data);
    if (what == Element::kIndex) return make(Indices(static_cast<Index*>(start), count));
    if (what == Element::kShort) return make(Shorts(static_cast<std::int16_t*>(start), count));
    if (what == Element::kSingle) return make(Floats(static_cast<float*>(start), count));
    return make(Vector(static_cast<double*>(start), count));
  }
  Handle list(std::span<const Handle> values) override { return make(List(values.begin(), values.end())); }
  Handle nothing() override { return make(std::monostate{}); }

 private:
  template <class T>
  static const T& expect(Handle handle, const char* what) {
    if (const T* value = std::get_if<T>(static_cast<Value*>(handle))) return *value;
    throw Misuse("ERR_TYPE", std::string(what) + " has the wrong type");
  }

  std::deque<Value> values_;  // its elements stay where they are
};

inline const Entry& entry(const std::string& name) {
  for (const Entry& one : registry())
    if (name == one.name) return one;
  throw Misuse("ERR_BACKEND", "no method of this name: " + name);
}

// The five-point matrix of an m x m grid, and a solve with it by name: "cg" or "minres".
struct Poisson {
  explicit Poisson(Index m) : n(m * m), solution(n), right(n) {
    pointers.push_back(0);
    for (Index i = 0; i < n; i++) {
      const auto add = [&](Index j, double a) {
        columns.push_back(j);
        values.push_back(a);
      };
      if (i >= m) add(i - m, -1);
      if (i % m > 0) add(i - 1, -1);
      add(i, 4);
      if (i % m < m - 1) add(i + 1, -1);
      if (i + m < n) add(i + m, -1);
      pointers.push_back(static_cast<Index>(columns.size()));
      right[i] = 1 + i % 7;
    }
  }

  // The leaves of the arguments, in the order of the border.
  std::vector<Handle> leaves(Values& v, double rtol, double most) {
    return {v.make(double(n)),
            v.make(double(n)),
            v.make(Indices(pointers)),
            v.make(Indices(columns)),
            v.make(Vector(values)),
            v.make(std::string("csr")),
            v.make(Vector(right)),
            v.make(Vector(solution)),
            v.make(std::string("identity")),
            v.make(Vector()),
            v.make(rtol),
            v.make(0.0),
            v.make(most),
            v.make(false),
            v.make(false),
            v.make(0.0)};
  }

  double residual() const {
    double square = 0;
    for (Index i = 0; i < n; i++) {
      double r = right[i];
      for (Index k = pointers[i]; k < pointers[i + 1]; k++) r -= values[k] * solution[columns[k]];
      square += r * r;
    }
    return square;
  }

  Index n;
  std::vector<Index> pointers, columns;
  std::vector<double> values, solution, right;
};

}  // namespace krylov
