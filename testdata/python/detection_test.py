"""Average precision, recall, curves and matches of crates/metrics against pycocotools, on random small cases.

LABELSCOPE_CASES says how many (200), LABELSCOPE_CHECK_DETECTION where the example `check_detection` lies.
"""

import contextlib
import copy
import io
import json
import os
import random
import subprocess
import unittest
import warnings

import numpy
from pycocotools import mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

CASES = int(os.environ.get("LABELSCOPE_CASES", "200"))
# What is left are last bits.
NEAR = 1e-12
WIDTH, HEIGHT = 240, 200
# The answers are long.
AT_ONCE = 50


class Cases(unittest.TestCase):
    def test_random_cases(self):
        seen = {"crowd": 0, "many": 0, "masks": 0, "bounds": 0, "ignored": 0}
        for first in range(0, CASES, AT_ONCE):
            cases = [Case(seed) for seed in range(first, min(first + AT_ONCE, CASES))]
            lines = "".join(json.dumps({"gt": c.gt, "dt": c.dt, "masks": c.masks}) + "\n" for c in cases)
            check = os.environ["LABELSCOPE_CHECK_DETECTION"]
            done = subprocess.run([check], input=lines, capture_output=True, text=True, check=True)
            answers = done.stdout.splitlines()
            self.assertEqual(len(answers), len(cases))
            for case, answer in zip(cases, answers):
                with self.subTest(seed=case.seed):
                    self.compare(case, json.loads(answer), seen)
        if CASES >= 200:
            # The cases hold what they are meant to hold.
            self.assertTrue(all(count >= 5 for count in seen.values()), seen)

    def compare(self, case, ours, seen):
        theirs = case.evaluate()
        params = theirs.params
        self.assertEqual(ours["ious"], params.iouThrs.tolist())
        self.near(ours["summary"], theirs.stats)
        precision, recall, scores = (theirs.eval[name] for name in ("precision", "recall", "scores"))
        # A cell is −1 at all recalls or at none.
        self.near(ours["ap"], precision.mean(axis=1).ravel())
        self.near(ours["ar"], recall.ravel())
        curves = iter(ours["curves"])
        for iou in range(len(params.iouThrs)):
            for area in range(len(params.areaRng)):
                for category in range(len(params.catIds)):
                    curve = next(curves)
                    here = (iou, slice(None), category, area, -1)
                    self.near(curve["precision"] if curve else [None] * 101, precision[here])
                    self.near(curve["score"] if curve else [None] * 101, scores[here])
        self.same_matches(theirs, iter(ours["matches"]), len(case.dt))
        seen["crowd"] += any(a["iscrowd"] for a in case.gt["annotations"])
        seen["many"] += len(case.dt) > 100
        seen["masks"] += case.masks
        seen["bounds"] += any(a["area"] in (1024, 9216) for a in case.gt["annotations"])
        seen["ignored"] += any(line[2] and line[1] for line in ours["matches"][0])

    def same_matches(self, theirs, ours, count):
        params = theirs.params
        for iou in range(len(params.iouThrs)):
            for area in params.areaRng:
                wanted = {}
                for image in filter(None, theirs.evalImgs):
                    if image["aRng"] != area:
                        continue
                    for at, detection in enumerate(image["dtIds"]):
                        truth = int(image["dtMatches"][iou, at]) or None
                        wanted[detection - 1] = (truth, bool(image["dtIgnore"][iou, at]))
                # What pycocotools does not look at, beyond 100 or of unknown categories, is ignored or wrong by us.
                got = {place: (truth, ignored) for place, truth, ignored in next(ours)}
                self.assertEqual(len(got), count)
                self.assertEqual({place: got[place] for place in wanted}, wanted)
                self.assertTrue(all(got[place][0] is None for place in got.keys() - wanted.keys()))

    def near(self, ours, theirs):
        """Equal to the last bits; None where pycocotools has −1."""
        ours = numpy.array([-1.0 if value is None else value for value in ours])
        numpy.testing.assert_allclose(ours, theirs, rtol=0, atol=NEAR)


class Case:
    """A random ground truth with random results, the same for the same seed."""

    def __init__(self, seed):
        self.seed = seed
        self.random = random.Random(seed)
        self.masks = seed % 3 == 2
        # Results may come as boxes even where masks are measured: pycocotools makes masks of them.
        self.boxes_as_masks = self.masks and seed % 5 == 0
        images = [{"id": id, "width": WIDTH, "height": HEIGHT} for id in self.ids(1, 3)]
        categories = [{"id": id, "name": f"c{id}"} for id in self.ids(1, 4)]
        self.image_ids = [image["id"] for image in images]
        self.category_ids = [category["id"] for category in categories]
        self.gt = {"images": images, "categories": categories, "annotations": []}
        for id in range(1, 1 + self.random.choice((0, 1, 4, 12, 30))):
            self.gt["annotations"].append(self.annotation(id))
        # Some have more on one image than the hundred that count.
        crowded = seed % 10 == 7
        count = self.random.choice((110, 130) if crowded else (0, 1, 6, 30, 50))
        self.dt = [self.result(crowded) for _ in range(count)]

    def ids(self, least, most):
        """Ids with gaps, in no order."""
        return self.random.sample(range(1, 50), self.random.randint(least, most))

    def box(self):
        side = self.random.choice((None, None, 32.0, 96.0, 16.0))
        step = self.random.choice((1, 4, 16, 32))
        x, y = self.random.randrange(0, 140, step), self.random.randrange(0, 100, step)
        if side:
            return [x, y, side, side]
        part = self.random.choice((0, 0, 0.25, 0.7))
        width, height = self.random.randrange(step, 100 + step, step), self.random.randrange(step, 96 + step, step)
        return [x + part, y, width, height + part]

    def near_box(self, new):
        """An object's box, or one a bit off: halves and shifts make equal overlaps. Or a new one, so often."""
        if not self.gt["annotations"] or self.random.random() < new:
            return self.box()
        x, y, w, h = self.random.choice(self.gt["annotations"])["bbox"]
        kind = self.random.randrange(6)
        if kind == 0:
            return [x, y, w, h]
        if kind == 1:
            return [x, y, w / 2, h]
        if kind == 2:
            return [x + self.random.choice((-1, 1)) * w / 4, y, w, h]
        if kind == 3:
            return [x, y, w * 0.75, h]
        jitter = self.random.randint(-8, 8)
        return [x + jitter, y + self.random.randint(-8, 8), max(1, w + jitter), max(1, h - jitter)]

    def annotation(self, id):
        bbox = self.near_box(0.7)
        crowd = int(self.random.random() < 0.1)
        area = self.random.choice((bbox[2] * bbox[3], bbox[2] * bbox[3], 1024, 9216, 1024.5))
        annotation = {
            "id": id,
            "image_id": self.random.choice(self.image_ids),
            "category_id": self.random.choice(self.category_ids[: max(1, len(self.category_ids) - 1)]),
            "bbox": bbox,
            "area": area,
            "iscrowd": crowd,
        }
        if self.masks:
            annotation["segmentation"] = self.outline(bbox, crowd)
        return annotation

    def outline(self, bbox, crowd):
        kind = self.random.randrange(4)
        polygons = [self.polygon(bbox)]
        if kind == 0:
            # Two parts, which may overlap.
            polygons.append(self.polygon(self.box()))
        if not crowd and kind < 3:
            return polygons
        runs = mask.merge(mask.frPyObjects(polygons, HEIGHT, WIDTH))
        if crowd or kind == 2:
            return {"size": [HEIGHT, WIDTH], "counts": plain(runs)}
        return text(runs)

    def polygon(self, bbox):
        x, y, w, h = bbox
        if self.random.random() < 0.5:
            return [x, y, x + w, y, x + w, y + h, x, y + h]
        corners = (x, y, x + w, y, x + w / 2, y + h)
        return [corner + self.random.uniform(-6, 6) for corner in corners]

    def result(self, crowded):
        bbox = self.near_box(0.3)
        result = {
            "image_id": self.image_ids[0] if crowded else self.random.choice(self.image_ids),
            "category_id": self.category_ids[0] if crowded else self.random.choice(self.category_ids),
            "score": self.random.choice((0.0, 0.1, 0.3, 0.5, 0.5, 0.9, 1.0, self.random.random())),
        }
        if self.masks and not self.boxes_as_masks:
            parts = [self.polygon(bbox)] + ([self.polygon(self.box())] if self.random.random() < 0.2 else [])
            result["segmentation"] = text(mask.merge(mask.frPyObjects(parts, HEIGHT, WIDTH)))
        else:
            result["bbox"] = bbox
        return result

    def evaluate(self):
        with contextlib.redirect_stdout(io.StringIO()):
            truth = COCO()
            truth.dataset = copy.deepcopy(self.gt)
            truth.createIndex()
            found = truth.loadRes(copy.deepcopy(self.dt)) if self.dt else COCO()
            evaluation = COCOeval(truth, found, "segm" if self.masks else "bbox")
            evaluation.evaluate()
            evaluation.accumulate()
            evaluation.summarize()
        return evaluation


def text(runs):
    return {"size": runs["size"], "counts": runs["counts"].decode()}


def plain(runs):
    """Run lengths as numbers, which crowds have in COCO's files."""
    with warnings.catch_warnings():
        # It converts in a way that newer numpys warn about.
        warnings.simplefilter("ignore")
        pixels = mask.decode(runs).ravel(order="F")
    changes = numpy.flatnonzero(numpy.diff(pixels)) + 1
    edges = numpy.concatenate(([0], changes, [pixels.size]))
    lengths = numpy.diff(edges).tolist()
    return lengths if pixels[0] == 0 else [0, *lengths]


if __name__ == "__main__":
    unittest.main()
