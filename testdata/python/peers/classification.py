"""What the bench `classification` measures beside us: scikit-learn and numpy on the same files, one thread.

`classification.py scikit-learn|numpy classes|confusion FOLDER` prints one line of JSON.
"""

import json
import resource
import statistics
import sys
import time
import warnings
from pathlib import Path

import numpy

CLASSES = 100
CONFUSED = 1000
THRESHOLD = 0.5
RUNS = 3

PEER, SUBJECT, FOLDER = sys.argv[1], sys.argv[2], Path(sys.argv[3])
if PEER == "scikit-learn":
    from sklearn import metrics


def timed(work):
    """The result, and milliseconds of some runs, the first to warm up: median and least."""
    result, times = work(), []
    for _ in range(RUNS if SUBJECT == "classes" else 20):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1e3)
    return result, statistics.median(times), min(times)


def figures_of_scikit_learn(truth, scores):
    """Its functions as its users call them: each sorts for itself."""
    area = metrics.roc_auc_score(truth, scores, average=None)
    average_precision = metrics.average_precision_score(truth, scores, average=None)
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(truth, scores >= THRESHOLD, average=None)
    best, where = [], []
    for column in range(CLASSES):
        p, r, thresholds = metrics.precision_recall_curve(truth[:, column], scores[:, column])
        curve = 2 * p * r / numpy.maximum(p + r, 1e-300)
        place = int(numpy.argmax(curve))
        best.append(curve[place])
        where.append(thresholds[place])
    return area, average_precision, precision, recall, f1, best, where


def figures_of_numpy(truth, scores):
    """One sort a class and the same figures from it: what an expert writes."""
    truth, scores = numpy.ascontiguousarray(truth.T), numpy.ascontiguousarray(scores.T)
    out = []
    for y, s in zip(truth, scores):
        order = numpy.argsort(-s, kind="stable")
        s, y = s[order], y[order].astype(numpy.int64)
        last = numpy.append(numpy.nonzero(numpy.diff(s))[0], s.size - 1)
        hits = numpy.cumsum(y)[last]
        said = last + 1
        there, none = hits[-1], said[-1] - hits[-1]
        up, across = numpy.append(0, hits), numpy.append(0, said - hits)
        area = numpy.sum(numpy.diff(across) * (up[1:] + up[:-1])) / (2 * there * none)
        average_precision = numpy.sum(numpy.diff(up) * (hits / said)) / there
        at = numpy.searchsorted(-s[last], -THRESHOLD, side="right") - 1
        right, predicted = (hits[at], said[at]) if at >= 0 else (0, 0)
        f1 = 2 * hits / (said + there)
        best = f1.size - 1 - int(numpy.argmax(f1[::-1]))
        out.append(
            (area, average_precision, right / max(predicted, 1), right / there, 2 * right / (predicted + there),
             f1[best], s[last[best]])
        )
    return zip(*out)


def classes():
    truth = numpy.fromfile(FOLDER / "truth.u8", numpy.uint8).reshape(-1, CLASSES)
    scores = numpy.fromfile(FOLDER / "scores.f32", numpy.float32).reshape(-1, CLASSES)
    of = figures_of_scikit_learn if PEER == "scikit-learn" else figures_of_numpy
    figures, median, least = timed(lambda: [float(numpy.mean(numpy.asarray(f, float))) for f in of(truth, scores)])
    names = ("roc_auc", "average_precision", "precision", "recall", "f1", "best_f1", "best_threshold")
    return {"median_ms": median, "least_ms": least, **dict(zip(names, figures))}


def confusion():
    truth, said = numpy.fromfile(FOLDER / "pairs.u32", numpy.uint32).reshape(-1, 2).T.astype(numpy.int32).copy()
    if PEER == "scikit-learn":
        names = numpy.arange(CONFUSED)
        matrix, median, least = timed(lambda: metrics.confusion_matrix(truth, said, labels=names))
    else:

        def counted():
            cells = truth.astype(numpy.int64) * CONFUSED + said
            return numpy.bincount(cells, minlength=CONFUSED * CONFUSED).reshape(CONFUSED, CONFUSED)

        matrix, median, least = timed(counted)
    right = numpy.trace(matrix) / matrix.sum()
    filled = int((matrix > 0).sum())
    return {"median_us": median * 1e3, "least_us": least * 1e3, "accuracy": float(right), "filled": filled}


warnings.simplefilter("ignore")
done = classes() if SUBJECT == "classes" else confusion()
print(json.dumps({**done, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
