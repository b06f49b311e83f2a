"""How long a Python library takes for what the bench `detection` measures: `detection.py LIBRARY INSTANCES RESULTS`.

Prints a line of JSON: seconds to load both files, seconds to evaluate them, and COCO's twelve numbers.
"""

import contextlib
import io
import json
import sys
import time


def main(library, instances, results):
    if library == "pycocotools":
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval as Evaluation
    else:
        from faster_coco_eval import COCO
        from faster_coco_eval import COCOeval_faster as Evaluation
    begun = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(instances)
        found = truth.loadRes(results)
        loaded = time.perf_counter()
        evaluation = Evaluation(truth, found, "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    done = time.perf_counter()
    figures = [float(value) for value in evaluation.stats[:12]]
    print(json.dumps({"parse_s": loaded - begun, "evaluate_s": done - loaded, "total_s": done - begun, "figures": figures}))


if __name__ == "__main__":
    main(*sys.argv[1:])
