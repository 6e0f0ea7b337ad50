"""Barnes-Hut t-SNE of scikit-learn on given points, one thread.

python3 barnes_hut_tsne.py POINTS.f32 COUNT DIMENSION ITERATIONS PERPLEXITY OUT.f32 prints the seconds of processor time that
the fit took; the map goes to OUT. OMP_NUM_THREADS=1 is the caller's to set.
"""

import inspect
import sys
import time

import numpy
from sklearn.manifold import TSNE

points_path, count, dimension, iterations, perplexity, out_path = sys.argv[1:]
points = numpy.fromfile(points_path, dtype=numpy.float32).reshape(int(count), int(dimension))
name_of_iterations = "max_iter" if "max_iter" in inspect.signature(TSNE).parameters else "n_iter"
model = TSNE(
    perplexity=float(perplexity),
    init="pca",
    learning_rate="auto",
    random_state=1,
    n_jobs=1,
    **{name_of_iterations: int(iterations)},
)
start = time.process_time()
model.fit_transform(points).astype(numpy.float32).tofile(out_path)
print(time.process_time() - start)
