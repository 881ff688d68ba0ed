#pragma once
#include <napi.h>

#include <vector>

#include "core/plain.hpp"

namespace krylov {

inline napi_value js(Handle value) { return static_cast<napi_value>(value); }

// Reads JavaScript values. Calls during which JavaScript runs accept only arrays on shared memory, which nobody can
// detach or shrink meanwhile, and remember every array they read so that it can be kept alive.
class JsReader : public Reader {
 public:
  JsReader(napi_env env, bool shared_only) : env_(env), shared_only_(shared_only) {}

  double number(Handle, const char* what) override;
  bool boolean(Handle, const char* what) override;
  std::string text(Handle, const char* what) override;
  Vector doubles(Handle, const char* what) override;
  Floats floats(Handle, const char* what) override;
  Indices indices(Handle, const char* what) override;
  ResourcePointer resource(Handle, const char* what) override;
  Reals reals(Handle, const char* what) override;
  Columns columns(Handle, const char* what) override;

  const std::vector<napi_value>& arrays() const { return arrays_; }

 private:
  bool holds(Handle, napi_typedarray_type) const;
  void* array(Handle, napi_typedarray_type wanted, const char* name, const char* what, std::size_t& length);

  napi_env env_;
  bool shared_only_;
  std::vector<napi_value> arrays_;
};

// An output array that a method asked for while it ran: its memory and the SharedArrayBuffer that owns it.
struct Allocation {
  void* data;
  napi_value buffer;  // valid in the scope it was made in
  napi_ref kept;      // or kept across scopes; null in the synchronous form
};

// Makes JavaScript values.
class JsWriter : public Writer {
 public:
  JsWriter(napi_env env, const std::vector<Allocation>& allocations) : env_(env), allocations_(allocations) {}

  Handle number(double) override;
  Handle boolean(bool) override;
  Handle text(std::string_view) override;
  Handle copy(ConstVector) override;
  Handle allocated(const void* data, std::size_t count, Element what) override;
  Handle list(std::span<const Handle>) override;
  Handle nothing() override;
  Handle resource(const ResourcePointer&) override;

 private:
  napi_env env_;
  const std::vector<Allocation>& allocations_;
};

// Tells the engine of shared memory, which it does not count by itself: without that, systems solved one after the
// other take gigabytes before it collects garbage.
void count_memory(napi_env env, napi_value buffer, std::size_t bytes);

// A new SharedArrayBuffer of this many bytes. Throws Misuse ERR_MEMORY; no JavaScript exception stays pending.
Allocation allocate_shared(napi_env env, std::size_t bytes);

// A JavaScript error with our code, to be thrown or rejected with.
napi_value js_error(napi_env env, const std::string& code, const std::string& text);

}  // namespace krylov
