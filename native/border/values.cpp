#include "border/values.hpp"

#include <cstring>
#include <mutex>
#include <unordered_set>

#include "core/pages.hpp"

namespace krylov {

namespace {

[[noreturn]] void wrong(const char* what, const char* wanted) {
  throw Misuse("ERR_TYPE", std::string(what) + " must be " + wanted);
}

// Environments that are being terminated refuse most calls; a value that was not made must not be used.
void must(napi_status status) {
  if (status != napi_ok) throw Misuse("ERR_MEMORY", "cannot make the result");
}

napi_value construct(napi_env env, const char* type, std::size_t count, const napi_value* arguments) {
  napi_value global = nullptr, constructor = nullptr, result = nullptr;
  if (napi_get_global(env, &global) != napi_ok || napi_get_named_property(env, global, type, &constructor) != napi_ok ||
      napi_new_instance(env, constructor, count, arguments, &result) != napi_ok) {
    bool pending = false;
    napi_is_exception_pending(env, &pending);
    if (pending) {
      napi_value ignored;
      napi_get_and_clear_last_exception(env, &ignored);
    }
    throw Misuse("ERR_MEMORY", std::string("cannot allocate a ") + type);
  }
  return result;
}

// The externals that are ours, of all environments: others must not be taken for them.
class Externals {
 public:
  static Externals& get() {
    static auto* const externals = new Externals;
    return *externals;
  }
  void add(void* held) {
    std::lock_guard lock(mutex_);
    held_.insert(held);
  }
  void remove(void* held) {
    std::lock_guard lock(mutex_);
    held_.erase(held);
  }
  bool has(void* held) {
    std::lock_guard lock(mutex_);
    return held_.contains(held);
  }

 private:
  std::mutex mutex_;
  std::unordered_set<void*> held_;
};

// Runs when an external was collected, and for all of them at the end of their environment.
void release(napi_env env, void* data, void*) {
  auto* const held = static_cast<ResourcePointer*>(data);
  Externals::get().remove(held);
  std::int64_t total;
  napi_adjust_external_memory(env, -static_cast<std::int64_t>((*held)->bytes()), &total);
  delete held;
}

}  // namespace

double JsReader::number(Handle value, const char* what) {
  double number;
  if (napi_get_value_double(env_, js(value), &number) != napi_ok) wrong(what, "a number");
  return number;
}

bool JsReader::boolean(Handle value, const char* what) {
  bool flag;
  if (napi_get_value_bool(env_, js(value), &flag) != napi_ok) wrong(what, "true or false");
  return flag;
}

std::string JsReader::text(Handle value, const char* what) {
  char buffer[64];
  std::size_t length;
  if (napi_get_value_string_utf8(env_, js(value), buffer, sizeof buffer, &length) != napi_ok) wrong(what, "a string");
  return {buffer, length};
}

void* JsReader::array(Handle value, napi_typedarray_type wanted, const char* name, const char* what,
                      std::size_t& length) {
  napi_typedarray_type type;
  void* data;
  napi_value buffer;
  if (napi_get_typedarray_info(env_, js(value), &type, &length, &data, shared_only_ ? &buffer : nullptr, nullptr) !=
          napi_ok ||
      type != wanted)
    wrong(what, name);
  if (shared_only_ && length > 0) {
    bool detachable = false;
    napi_is_arraybuffer(env_, buffer, &detachable);
    if (detachable) wrong(what, "on shared memory");
    arrays_.push_back(js(value));
  }
  if (data == nullptr) length = 0;
  return data;
}

Vector JsReader::doubles(Handle value, const char* what) {
  std::size_t length;
  void* data = array(value, napi_float64_array, "a Float64Array", what, length);
  return {static_cast<double*>(data), length};
}

Floats JsReader::floats(Handle value, const char* what) {
  std::size_t length;
  void* data = array(value, napi_float32_array, "a Float32Array", what, length);
  return {static_cast<float*>(data), length};
}

Indices JsReader::indices(Handle value, const char* what) {
  std::size_t length;
  void* data = array(value, napi_int32_array, "an Int32Array", what, length);
  return {static_cast<Index*>(data), length};
}

ResourcePointer JsReader::resource(Handle value, const char* what) {
  napi_valuetype type;
  void* held = nullptr;
  if (napi_typeof(env_, js(value), &type) != napi_ok || type != napi_external ||
      napi_get_value_external(env_, js(value), &held) != napi_ok || !Externals::get().has(held))
    wrong(what, "a handle of this process");
  return *static_cast<ResourcePointer*>(held);
}

bool JsReader::holds(Handle value, napi_typedarray_type wanted) const {
  napi_typedarray_type type;
  return napi_get_typedarray_info(env_, js(value), &type, nullptr, nullptr, nullptr, nullptr) == napi_ok &&
         type == wanted;
}

Reals JsReader::reals(Handle value, const char* what) {
  if (holds(value, napi_float32_array)) return {{}, floats(value, what)};
  return {doubles(value, what), {}};
}

Columns JsReader::columns(Handle value, const char* what) {
  if (!holds(value, napi_int16_array)) return {indices(value, what), {}};
  std::size_t length;
  void* data = array(value, napi_int16_array, "an Int16Array", what, length);
  return {{}, {static_cast<std::int16_t*>(data), length}};
}

Handle JsWriter::number(double number) {
  napi_value value;
  must(napi_create_double(env_, number, &value));
  return value;
}

Handle JsWriter::boolean(bool flag) {
  napi_value value;
  must(napi_get_boolean(env_, flag, &value));
  return value;
}

Handle JsWriter::text(std::string_view text) {
  napi_value value;
  must(napi_create_string_utf8(env_, text.data(), text.size(), &value));
  return value;
}

Handle JsWriter::copy(ConstVector entries) {
  napi_value buffer, value;
  void* data = nullptr;
  must(napi_create_arraybuffer(env_, entries.size_bytes(), &data, &buffer));
  if (!entries.empty()) std::memcpy(data, entries.data(), entries.size_bytes());
  must(napi_create_typedarray(env_, napi_float64_array, entries.size(), buffer, 0, &value));
  return value;
}

Handle JsWriter::allocated(const void* data, std::size_t count, Element what) {
  const char* const type = what == Element::kIndex    ? "Int32Array"
                           : what == Element::kShort  ? "Int16Array"
                           : what == Element::kSingle ? "Float32Array"
                                                      : "Float64Array";
  napi_value length;
  must(napi_create_double(env_, static_cast<double>(count), &length));
  if (count == 0) return construct(env_, type, 1, &length);
  for (const Allocation& allocation : allocations_) {
    if (allocation.data != data) continue;
    napi_value buffer = allocation.buffer, start;
    if (allocation.kept != nullptr) must(napi_get_reference_value(env_, allocation.kept, &buffer));
    must(napi_create_double(env_, 0, &start));
    const napi_value arguments[] = {buffer, start, length};
    return construct(env_, type, 3, arguments);
  }
  throw Misuse("ERR_BACKEND", "a method returned an array that it did not allocate");
}

Handle JsWriter::list(std::span<const Handle> values) {
  napi_value list;
  must(napi_create_array_with_length(env_, values.size(), &list));
  for (std::uint32_t k = 0; k < values.size(); k++) must(napi_set_element(env_, list, k, js(values[k])));
  return list;
}

Handle JsWriter::nothing() {
  napi_value value;
  must(napi_get_undefined(env_, &value));
  return value;
}

Handle JsWriter::resource(const ResourcePointer& resource) {
  auto held = std::make_unique<ResourcePointer>(resource);
  napi_value value;
  std::int64_t total;
  must(napi_create_external(env_, held.get(), release, nullptr, &value));
  Externals::get().add(held.release());
  napi_adjust_external_memory(env_, static_cast<std::int64_t>(resource->bytes()), &total);
  return value;
}

namespace {

// A quarter of the time of a batch of square roots is that of pages. NumPy asks for large ones likewise.
void ask_for_large_pages(napi_env env, napi_value buffer) {
  try {
    const napi_value view = construct(env, "Uint8Array", 1, &buffer);
    std::size_t length = 0;
    void* data = nullptr;
    if (napi_get_typedarray_info(env, view, nullptr, &length, &data, nullptr, nullptr) == napi_ok)
      Pages::ask_for_large(data, length);
  } catch (const Misuse&) {
    // pages are as they were
  }
}

}  // namespace

void count_memory(napi_env env, napi_value buffer, std::size_t bytes) {
  constexpr std::size_t kWorthCounting = 1 << 16;
  if (bytes < kWorthCounting) return;
  if (bytes >= Pages::kWorthAsking) ask_for_large_pages(env, buffer);
  const auto uncount = [](napi_env env, void*, void* counted) {
    std::int64_t total;
    napi_adjust_external_memory(env, -static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(counted)), &total);
  };
  void* const counted = reinterpret_cast<void*>(static_cast<std::intptr_t>(bytes));
  std::int64_t total;
  if (napi_add_finalizer(env, buffer, nullptr, uncount, counted, nullptr) == napi_ok)
    napi_adjust_external_memory(env, static_cast<std::int64_t>(bytes), &total);
}

Allocation allocate_shared(napi_env env, std::size_t bytes) {
  napi_value size;
  must(napi_create_double(env, static_cast<double>(bytes), &size));
  const napi_value made = construct(env, "SharedArrayBuffer", 1, &size);
  const napi_value view = construct(env, "Uint8Array", 1, &made);
  // the constructors are those that the script sees, which it may have replaced: what they made is looked at
  napi_typedarray_type type;
  std::size_t length = 0;
  void* data = nullptr;
  napi_value buffer = nullptr;
  bool detachable = true;
  if (napi_get_typedarray_info(env, view, &type, &length, &data, &buffer, nullptr) != napi_ok ||
      type != napi_uint8_array || length != bytes || napi_is_arraybuffer(env, buffer, &detachable) != napi_ok ||
      detachable)
    throw Misuse("ERR_MEMORY", "SharedArrayBuffer does not make shared memory");
  count_memory(env, buffer, bytes);
  return {data, buffer, nullptr};
}

napi_value js_error(napi_env env, const std::string& code, const std::string& text) {
  napi_value code_value = nullptr, text_value = nullptr, error = nullptr;
  const std::string full = "ERR_KRYLOV_" + code.substr(code.starts_with("ERR_") ? 4 : 0);
  napi_create_string_utf8(env, full.data(), full.size(), &code_value);
  napi_create_string_utf8(env, text.data(), text.size(), &text_value);
  napi_create_error(env, code_value, text_value, &error);
  return error;
}

}  // namespace krylov
