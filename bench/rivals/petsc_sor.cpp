// PETSc's sweep of SOR in natural order on a .csr file: prints the median milliseconds of one.
#include <petscksp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
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
  PetscCall(VecSet(x, 0));
  PetscCall(MatSOR(A, b, 1.9, SOR_FORWARD_SWEEP, 0, 1, 1, x));
  const int many = std::max(10, static_cast<int>(3e8 / (12.0 * nnz)));
  std::vector<double> times;
  for (int round = 0; round < 7; round++) {
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < many; i++) PetscCall(MatSOR(A, b, 1.9, SOR_FORWARD_SWEEP, 0, 1, 1, x));
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count() / many);
  }
  std::sort(times.begin(), times.end());
  std::printf("%.6f\n", times[3]);
  return 0;
}
