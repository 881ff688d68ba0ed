// The system file and the line protocol of the compiled contenders.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

struct System {
  std::int32_t n = 0, nnz = 0;
  std::vector<double> values, b;
  std::vector<std::int32_t> row_pointers, column_indices;

  explicit System(const char* path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(std::string("cannot read ") + path);
    fill_from(file);
  }

  // The next one of a sequence.
  explicit System(std::ifstream& file) { fill_from(file); }

  void fill_from(std::ifstream& file) {
    const auto read = [&file](auto* into, std::size_t count) {
      file.read(reinterpret_cast<char*>(into), static_cast<std::streamsize>(count * sizeof *into));
    };
    read(&n, 1);
    read(&nnz, 1);
    const auto fill = [&read](auto& part, std::size_t count) {
      part.resize(count);
      read(part.data(), count);
    };
    fill(values, nnz);
    fill(b, n);
    fill(row_pointers, n + 1);
    fill(column_indices, nnz);
  }

  double relative_residual(const double* x) const {
    double rr = 0, bb = 0;
    for (std::int32_t i = 0; i < n; i++) {
      double r = b[i];
      for (std::int32_t k = row_pointers[i]; k < row_pointers[i + 1]; k++) r -= values[k] * x[column_indices[k]];
      rr += r * r;
      bb += b[i] * b[i];
    }
    return std::sqrt(rr / bb);
  }
};

// The systems of a sequence.
inline std::vector<System> read_systems(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  std::vector<System> systems;
  while (file.peek() != std::ifstream::traits_type::eof()) systems.emplace_back(file);
  return systems;
}

struct Request {
  std::string method, preconditioner;
  double rtol = 0;
  int count = 0;
};

// Milliseconds.
struct Timing {
  double setup = 0, solve = 0;
  long iterations = 0;
  double relative_residual = 0;
};

inline double now() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// False at the end of the input.
inline bool next(Request& request) {
  std::string line;
  if (!std::getline(std::cin, line)) return false;
  request = {};
  std::istringstream(line) >> request.method >> request.preconditioner >> request.rtol >> request.count;
  return true;
}

inline void print(const Timing& t) {
  std::printf("{\"setup\":%.6f,\"solve\":%.6f,\"iterations\":%ld,\"relativeResidual\":%.6e}\n", t.setup, t.solve,
              t.iterations, t.relative_residual);
  std::fflush(stdout);
}

inline void print_version(const std::string& version) {
  std::printf("{\"version\":\"%s\"}\n", version.c_str());
  std::fflush(stdout);
}
