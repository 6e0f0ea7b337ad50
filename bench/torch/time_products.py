"""GFLOP/s of a matrix product on one thread, the best of ten: shows which BLAS kernels PyTorch (or NumPy) found."""

import os
import time

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")  # read when PyTorch loads

try:
    import torch
except ImportError:  # scikit-learn's Python may be without
    torch = None
import numpy

ROWS, SIZE = 580, 768


def product_rate() -> float:
    """By processor time, after two that warm up."""
    left, right = (numpy.ones((rows, SIZE), numpy.float32) for rows in (ROWS, SIZE))
    if torch is not None:
        torch.set_num_threads(1)
        left, right = torch.from_numpy(left), torch.from_numpy(right)
    seconds = []
    for _ in range(12):
        started = time.process_time()
        left @ right
        seconds.append(time.process_time() - started)
    return 2 * ROWS * SIZE * SIZE / min(seconds[2:]) / 1e9


if __name__ == "__main__":
    print(product_rate())
