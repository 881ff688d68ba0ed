/*
 * Readers and writers whose code is loaded by their first call: importing krylov stays cheap for those who never touch
 * a file.
 */

type Writer = typeof import('./matrix-market.writer.ts')
type Npy = typeof import('./npy.ts')
type NpyItems = typeof import('./npy.writer.ts')
type Npz = typeof import('./npz.ts')
type Models = typeof import('./completion.ts')
type Lines = typeof import('./observed.ts')

const writer = () => import('./matrix-market.writer.ts')
const npy = () => import('./npy.ts')
const npyItems = () => import('./npy.writer.ts')
const npz = () => import('./npz.ts')
const models = () => import('./completion.ts')
const lines = () => import('./observed.ts')

/**
 * Writes a matrix as Matrix Market: a `Csr` as coordinates, a `Dense` as an array; gzipped where the name ends in
 * `.gz`. Values are written as the shortest text that reads back as the same double.
 *
 * @throws KrylovError ERR_TYPE, ERR_NOT_SYMMETRIC, ERR_OPTION; errors of the file system pass through unchanged
 */
export const writeMatrixMarket: Writer['writeMatrixMarket'] = async (...args) =>
  (await writer()).writeMatrixMarket(...args)

/** Reads an .npy file: shape and values, row-major. Throws KrylovError ERR_FORMAT, ERR_UNSUPPORTED, ERR_MEMORY. */
export const readNpy: Npy['readNpy'] = async (...args) => (await npy()).readNpy(...args)

/** Writes an array as .npy, which `numpy.load` reads. Throws KrylovError ERR_TYPE, ERR_SHAPE. */
export const writeNpy: Npy['writeNpy'] = async (...args) => (await npy()).writeNpy(...args)

/** Begins an .npy file that grows by an item at a time. Throws KrylovError ERR_TYPE, ERR_SHAPE, ERR_OPTION. */
export const createNpy: NpyItems['createNpy'] = async (...args) => (await npyItems()).createNpy(...args)

/** Reads the arrays of an .npz archive, by name. Throws KrylovError ERR_FORMAT, ERR_UNSUPPORTED, ERR_MEMORY. */
export const readNpz: Npz['readNpz'] = async (...args) => (await npz()).readNpz(...args)

/** Writes arrays to an .npz archive that `numpy.load` reads. Throws KrylovError ERR_TYPE, ERR_SHAPE. */
export const writeNpz: Npz['writeNpz'] = async (...args) => (await npz()).writeNpz(...args)

/** Reads a sparse matrix as `scipy.sparse.save_npz` writes it (CSR, CSC or COO). Throws KrylovError ERR_FORMAT. */
export const readSparseNpz: Npz['readSparseNpz'] = async (...args) => (await npz()).readSparseNpz(...args)

/** Writes a sparse matrix for `scipy.sparse.load_npz`. Throws KrylovError ERR_TYPE. */
export const writeSparseNpz: Npz['writeSparseNpz'] = async (...args) => (await npz()).writeSparseNpz(...args)

/** Reads a model that `writeCompletion` wrote. Throws KrylovError ERR_FORMAT, ERR_MEMORY. */
export const readCompletion: Models['readCompletion'] = async (...args) => (await models()).readCompletion(...args)

/** Writes a model as an .npz archive, which `numpy.load` reads. Throws KrylovError ERR_TYPE, ERR_SHAPE. */
export const writeCompletion: Models['writeCompletion'] = async (...args) => (await models()).writeCompletion(...args)

/** Reads observations, piece by piece, from CSV or a JSON object a line. Throws KrylovError ERR_FORMAT, ERR_OPTION. */
export const readObserved: Lines['readObserved'] = async (...args) => (await lines()).readObserved(...args)
