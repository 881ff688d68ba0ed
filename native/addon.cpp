#include <napi.h>

#include "border/environment.hpp"
#include "border/job.hpp"
#include "border/sync.hpp"
#include "core/method.hpp"
#include "core/team.hpp"
#include "direct/suitesparse.hpp"
#include "kernels/lapack.hpp"
#include "kernels/tiles.hpp"

namespace {

Napi::Value info(const Napi::CallbackInfo& call) {
  Napi::Object report = Napi::Object::New(call.Env());
  report["simd"] = krylov::tiles().isa;
  const krylov::FoundBlas blas = krylov::find_blas();
  const auto text = [&](const std::string& given) {
    return given.empty() ? call.Env().Null() : Napi::Value(Napi::String::New(call.Env(), given));
  };
  report["blas"] = text(blas.path);
  report["blasVersion"] = text(blas.version);
  report["blasLoaded"] = krylov::lapack_is_loaded();
  report["blasCore"] = text(krylov::lapack_core());
  report["suitesparse"] = text(krylov::find_suitesparse());
  report["threads"] = krylov::team_threads();
  return report;
}

void set_threads(const Napi::CallbackInfo& call) { krylov::set_team_threads(call[0].As<Napi::Number>().Int32Value()); }

Napi::Value signatures(const Napi::CallbackInfo& call) {
  Napi::Object list = Napi::Object::New(call.Env());
  for (const krylov::Entry& entry : krylov::registry())
    if (!entry.kernel) list[entry.name] = entry.signature();
  return list;
}

Napi::Value layouts(const Napi::CallbackInfo& call) {
  Napi::Object list = Napi::Object::New(call.Env());
  for (const krylov::Entry& entry : krylov::registry()) list[entry.name] = entry.layout();
  return list;
}

void count_memory(const Napi::CallbackInfo& call) {
  if (call.Length() == 2 && call[0].IsObject() && call[1].IsNumber())
    krylov::count_memory(call.Env(), call[0], static_cast<std::size_t>(call[1].As<Napi::Number>().Int64Value()));
}

void expose(napi_env env, napi_value table, const krylov::Entry& entry, napi_callback call) {
  napi_value function;
  napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, call, const_cast<krylov::Entry*>(&entry), &function);
  napi_set_named_property(env, table, entry.name, function);
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  krylov::Environment::open(env);
  Napi::Object sync = Napi::Object::New(env), start = Napi::Object::New(env), kernels = Napi::Object::New(env);
  for (const krylov::Entry& entry : krylov::registry()) {
    if (entry.kernel) {
      expose(env, kernels, entry, krylov::call_kernel);
    } else {
      expose(env, sync, entry, krylov::call_sync);
      expose(env, start, entry, krylov::start_job);
    }
  }
  exports["sync"] = sync;
  exports["start"] = start;
  exports["kernels"] = kernels;
  exports["info"] = Napi::Function::New(env, info);
  exports["setThreads"] = Napi::Function::New(env, set_threads);
  exports["countMemory"] = Napi::Function::New(env, count_memory);
  exports["layouts"] = Napi::Function::New(env, layouts);
  exports["signatures"] = Napi::Function::New(env, signatures);
  return exports;
}

}  // namespace

NODE_API_MODULE(krylov, init)
