"""Random cases of classification: our figures beside scikit-learn's, to twelve decimals."""

import json
import os
import subprocess
import unittest
import warnings

import numpy
import sklearn
from sklearn import metrics
from sklearn.calibration import calibration_curve

# The same cases every time; another number of them has the first ones in common.
SEED = 20_240_607
CASES = int(os.environ.get("LABELSCOPE_CASES", "200"))
NEAR = 1e-12
NEGATIVE, POSITIVE, UNKNOWN = 0, 1, 2
ZERO_DIVISION = [0, 1, numpy.nan]


def scores_of(rng, inputs, classes):
    """Scores of a kind that models give: many ties, none at all, rows that sum to 1, all equal."""
    kind = rng.integers(5)
    if kind == 0:
        return rng.integers(0, 11, (inputs, classes)) / 10
    if kind == 1:
        return rng.random((inputs, classes))
    if kind == 2:
        raw = numpy.exp(rng.normal(0, 2, (inputs, classes)))
        return raw / raw.sum(axis=1, keepdims=True)
    if kind == 3:
        return numpy.full((inputs, classes), rng.choice([0.0, 0.5, 1.0]))
    return rng.integers(0, 1001, (inputs, classes)) / 1000


def truth_of(rng, inputs, classes, scores):
    """One class an input or several, with some sense in them, with columns of one kind, and with unknown pairs."""
    if rng.random() < 0.4:
        labels = numpy.where(rng.random(inputs) < 0.6, scores.argmax(axis=1), rng.integers(0, classes, inputs))
        truth = numpy.eye(classes, dtype=int)[labels]
    else:
        truth = (rng.random((inputs, classes)) < scores * rng.random() + 0.2 * rng.random()).astype(int)
        for column in range(classes):
            if rng.random() < 0.1:
                truth[:, column] = rng.integers(0, 2)
    if rng.random() < 0.3:
        truth[rng.random((inputs, classes)) < 0.15] = UNKNOWN
    return truth


def case_of(number):
    rng = numpy.random.default_rng([SEED, number])
    inputs, classes = int(rng.integers(1, 60)), int(rng.integers(1, 7))
    scores = scores_of(rng, inputs, classes)
    narrow = bool(rng.random() < 0.3)
    if narrow:
        scores = scores.astype(numpy.float32)
    threshold = float(rng.choice([0.0, 0.1, 0.25, 0.5, 0.5, 0.5, 0.75, 1.0]))
    return {
        "classes": classes,
        "narrow": narrow,
        "scores": scores,
        "truth": truth_of(rng, inputs, classes, scores),
        # Of single precision the threshold must be a number that both have.
        "threshold": threshold if not narrow or threshold != 0.1 else 0.125,
        "inclusive": bool(rng.random() < 0.5),
        "bins": int(rng.integers(1, 21)),
    }


def ask(cases):
    """Our figures of all cases."""

    def line(case):
        told = {**case, "scores": case["scores"].ravel().tolist(), "truth": case["truth"].ravel().tolist()}
        return json.dumps(told)

    program = os.environ["LABELSCOPE_CHECK_CLASSIFICATION"]
    said = subprocess.run([program], input="\n".join(map(line, cases)), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in said.stdout.splitlines()]


class AgainstScikitLearn(unittest.TestCase):
    def test_random_cases(self):
        cases = [case_of(number) for number in range(CASES)]
        answers = ask(cases)
        self.assertEqual(len(answers), CASES)
        # What is compared at all: an empty comparison must not pass for an equal one.
        self.compared = {"single": 0, "unknown": 0, "undefined": 0, "numbers": 0}
        # scikit-learn looks at what it is given for longer than at what it computes.
        quick = sklearn.config_context(skip_parameter_validation=True, assume_finite=True)
        with quick, warnings.catch_warnings():
            # scikit-learn warns wherever something is undefined.
            warnings.simplefilter("ignore")
            for number, (case, ours) in enumerate(zip(cases, answers)):
                # `case_of(number)` makes the case again.
                with self.subTest(case=number):
                    self.compare(case, ours)
        self.assertTrue(all(self.compared.values()), self.compared)
        self.assertGreater(self.compared["numbers"], 100 * CASES)

    def near(self, ours, theirs, what):
        """None and NaN are both undefined."""
        if isinstance(ours, list):
            theirs = list(theirs)
            self.assertEqual(len(ours), len(theirs), what)
            for place, (one, other) in enumerate(zip(ours, theirs)):
                self.near(one, other, (what, place))
        elif ours is None:
            self.compared["undefined"] += 1
            self.assertTrue(theirs is None or not numpy.isfinite(theirs), (what, theirs))
        else:
            self.compared["numbers"] += 1
            self.assertIsNotNone(theirs, what)
            self.assertLessEqual(abs(ours - theirs), NEAR, (what, ours, theirs))

    def compare(self, case, ours):
        scores, truth, classes = case["scores"], case["truth"], case["classes"]
        passes = scores >= case["threshold"] if case["inclusive"] else scores > case["threshold"]
        known = truth != UNKNOWN
        for column in range(classes):
            rows = known[:, column]
            y, s, p = truth[rows, column], scores[rows, column], passes[rows, column]
            self.column(ours["classes"][column], ours["curves"][column], y, s, p)
            self.bins(ours["reliability"][column], y, s, case["bins"])
        self.column(ours["pooled"], None, truth[known], scores[known], passes[known])
        self.tables(ours, case, passes)
        if known.all():
            self.whole(ours, truth, passes)
        else:
            self.compared["unknown"] += 1
        if known.all() and (truth.sum(axis=1) == 1).all():
            self.compared["single"] += 1
            self.single(ours["single"], case)

    def column(self, ours, curves, y, s, p):
        """One class against the rest."""
        some, both = (y == 1).any(), len(set(y)) == 2
        self.assertEqual((ours["positives"], ours["negatives"]), ((y == 1).sum(), (y == 0).sum()))
        if len(y):
            self.near(ours["counts"], metrics.confusion_matrix(y, p, labels=[0, 1]).ravel(), "counts")
            theirs = metrics.precision_recall_fscore_support(y, p, labels=[1], zero_division=numpy.nan)
            for name, value in zip(("precision", "recall", "f1"), theirs):
                self.near(ours[name], value[0], name)
            self.near(ours["accuracy"], metrics.accuracy_score(y, p), "accuracy")
            negatives = metrics.recall_score(y == 0, ~p, zero_division=numpy.nan)
            self.near(ours["false_positive_rate"], 1 - negatives, "false positive rate")
        self.near(ours["average_precision"], metrics.average_precision_score(y, s) if some else None, "AP")
        self.near(ours["roc_auc"], metrics.roc_auc_score(y, s) if both else None, "ROC AUC")
        if not some:
            self.assertEqual((ours["best_f1"], ours["best_threshold"]), (None, None))
            return
        precision, recall, thresholds = metrics.precision_recall_curve(y, s)
        f1 = [2 * a * b / (a + b) if a + b else 0.0 for a, b in zip(precision[:-1], recall[:-1])]
        self.near(ours["best_f1"], max(f1), "best F1")
        lowest = next(t for t, value in zip(thresholds, f1) if value >= max(f1) - NEAR)
        self.near(ours["best_threshold"], lowest, "best threshold")
        if curves is None:
            return
        self.near(curves["pr"], [precision, recall, thresholds], "PR curve")
        self.near(curves["f1"], [f1, thresholds], "F1 curve")
        if both:
            fpr, tpr, thresholds = metrics.roc_curve(y, s, drop_intermediate=False)
            self.near(curves["roc"], [fpr, tpr, thresholds, metrics.auc(fpr, tpr)], "ROC curve")
        else:
            self.assertIsNone(curves["roc"])

    def bins(self, ours, y, s, bins):
        filled = [bin for bin in ours["bins"] if bin[0]]
        self.assertEqual((len(ours["bins"]), ours["left_out"]), (bins, 0))
        if not len(y):
            self.assertEqual((filled, ours["error"], ours["largest"]), ([], None, None))
            return
        share, mean = calibration_curve(y, s.astype(float), n_bins=bins, pos_label=1)
        self.near([bin[1] for bin in filled], share, "share that is right")
        self.near([bin[2] for bin in filled], mean, "mean score")
        gaps = numpy.abs(share - mean)
        counts = numpy.array([bin[0] for bin in filled])
        self.near(ours["error"], (gaps * counts).sum() / len(y), "calibration error")
        self.near(ours["largest"], gaps.max(), "largest calibration error")

    def tables(self, ours, case, passes):
        scores, truth, classes = case["scores"].astype(float), case["truth"], case["classes"]
        here = truth == POSITIVE
        mean = [scores[here[:, c]].mean(axis=0) if here[:, c].any() else [None] * classes for c in range(classes)]
        self.near(ours["mean_scores"], mean, "mean scores")
        self.near(ours["together"], here.T.astype(int) @ here.astype(int), "together")
        first, last = here[:, 0], here[:, -1]
        # scikit-learn has no word for what is undefined here.
        theirs = metrics.jaccard_score(first, last) if (first | last).any() else None
        self.near([ours["jaccard"][0][-1], ours["jaccard"][-1][0]], [theirs, theirs], "Jaccard")
        # Nothing is lost: rows sum to what is there, columns to what was predicted.
        spread = numpy.array(ours["spread"])
        predicted = (passes & (truth != UNKNOWN)).sum(axis=0)
        self.assertLess(numpy.abs(spread.sum(axis=1)[:-1] - here.sum(axis=0)).max(), 1e-9)
        self.assertLess(numpy.abs(spread.sum(axis=0)[:-1] - predicted).max(), 1e-9)

    def whole(self, ours, truth, passes):
        """Averages over classes. A single column would be taken for two classes by scikit-learn."""
        one = truth.shape[1] == 1
        y, p = (truth[:, 0], passes[:, 0].astype(int)) if one else (truth, passes.astype(int))
        labels = [1] if one else None
        for average, told in ours["averages"].items():
            for zero, means in zip(ZERO_DIVISION, told):
                theirs = metrics.precision_recall_fscore_support(y, p, labels=labels, average=average, zero_division=zero)
                for name, mine, value in zip(("precision", "recall", "f1"), means, theirs):
                    if mine is None and average == "weighted":
                        # No class that is defined has any weight: scikit-learn then forgets the weights.
                        weights = truth.sum(axis=0)
                        defined = passes.sum(axis=0) > 0 if name == "precision" else weights >= 0
                        self.assertEqual(weights[defined].sum(), 0, (average, name))
                    else:
                        self.near(mine, value, (average, zero, name))
        self.near(ours["exact"], metrics.accuracy_score(y, p), "subset accuracy")
        self.near(ours["wrong_pairs"], metrics.hamming_loss(y, p), "Hamming loss")

    def single(self, ours, case):
        """Inputs that have one class each."""
        scores, classes = case["scores"], case["classes"]
        names = numpy.arange(classes)
        y = case["truth"].argmax(axis=1)
        said = scores.argmax(axis=1)
        self.near(ours["top"]["first"][0], metrics.accuracy_score(y, said), "top 1")
        for k in range(1, classes):
            # Of two classes scikit-learn wants one column, and means something else.
            if classes > 2:
                theirs = metrics.top_k_accuracy_score(y, scores, k=k, labels=names)
                self.near(ours["top"]["last"][k - 1], theirs, ("top", k))
        own = scores[numpy.arange(len(y)), y][:, None]
        above, equal = (scores > own).sum(axis=1), (scores == own).sum(axis=1) - 1
        self.near(ours["top"]["truth_wins"], [(above <= k).mean() for k in range(classes)], "ties won")
        self.near(ours["top"]["truth_loses"], [(above + equal <= k).mean() for k in range(classes)], "ties lost")
        matrix = metrics.confusion_matrix(y, said, labels=names)
        self.near(ours["confusion"], matrix, "confusion")
        self.near(ours["balanced_accuracy"], metrics.balanced_accuracy_score(y, said), "balanced accuracy")
        if ours["kappa"] is not None:
            self.near(ours["kappa"], metrics.cohen_kappa_score(y, said), "kappa")
        if ours["matthews"] is None:
            self.assertEqual(metrics.matthews_corrcoef(y, said), 0)
        else:
            self.near(ours["matthews"], metrics.matthews_corrcoef(y, said), "Matthews")
        top = scores[numpy.arange(len(y)), said]
        self.bins(ours["reliability"], (said == y).astype(int), top, case["bins"])
        if classes > 1 and not case["narrow"]:
            self.near(ours["log_loss"], metrics.log_loss(y, scores, labels=names), "log loss")
            # Of a single input it is this, and a thousand calls take their time.
            epsilon = numpy.finfo(float).eps
            self.near(ours["losses"], -numpy.log(own[:, 0].clip(epsilon, 1 - epsilon)), "losses")
            if numpy.allclose(scores.sum(axis=1), 1):
                theirs = metrics.brier_score_loss(y, scores, labels=names, scale_by_half=False)
                self.near(ours["brier"], theirs, "Brier")


if __name__ == "__main__":
    unittest.main()
