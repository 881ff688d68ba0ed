// PETSc's sweeps of SOR in natural order on a system file, right-hand side 1: answers each line, `sor - - count`, with the
// time of so many. (See serve.ts.)
#include <petscksp.h>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

template <class T>
std::vector<T> read(std::FILE* file, std::size_t n) {
  std::vector<T> list(n);
  if (std::fread(list.data(), sizeof(T), n, file) != n) std::exit(1);
  return list;
}

int main(int argc, char** argv) {
  PetscCall(PetscInitialize(&argc, &argv, nullptr, nullptr));
  std::FILE* file = std::fopen(argv[1], "rb");
  if (file == nullptr) return 1;
  const auto head = read<int>(file, 2);
  const int n = head[0], nnz = head[1];
  auto a = read<double>(file, nnz);
  read<double>(file, n);
  auto pointers = read<int>(file, n + 1), columns = read<int>(file, nnz);
  Mat A;
  Vec b, x;
  PetscCall(MatCreateSeqAIJWithArrays(PETSC_COMM_SELF, n, n, pointers.data(), columns.data(), a.data(), &A));
  PetscCall(VecCreateSeq(PETSC_COMM_SELF, n, &b));
  PetscCall(VecDuplicate(b, &x));
  PetscCall(VecSet(b, 1));
  std::cout << "{\"version\": \"petsc " << PETSC_VERSION_MAJOR << "." << PETSC_VERSION_MINOR << "\"}" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string method, ordering, tolerance;
    int count = 0;
    words >> method >> ordering >> tolerance >> count;
    PetscCall(VecSet(x, 0));
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < count; i++) PetscCall(MatSOR(A, b, 1.9, SOR_FORWARD_SWEEP, 0, 1, 1, x));
    const double time = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
    std::cout << "{\"setup\": 0, \"solve\": " << time << ", \"iterations\": " << count
              << ", \"relativeResidual\": 0}" << std::endl;
  }
  PetscCall(PetscFinalize());
  return 0;
}
