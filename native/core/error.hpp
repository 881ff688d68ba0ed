#pragma once
#include <stdexcept>
#include <string>

namespace krylov {

// Misuse found below the border; `code` is one of the TypeScript half's error codes without its prefix.
class Misuse : public std::runtime_error {
 public:
  Misuse(std::string code, const std::string& text) : std::runtime_error(text), code_(std::move(code)) {}
  const std::string& code() const { return code_; }

 private:
  std::string code_;
};

// Thrown out of a method when its call was cancelled; nobody waits for the result any more.
struct Cancelled {};

}  // namespace krylov
