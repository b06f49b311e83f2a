"""Evaluations by the vendor's own client: asked for, waited for, read part by part, listed; their numbers against scikit-learn
and pycocotools."""

import contextlib
import io
import json
import unittest
import warnings
from pathlib import Path

import numpy as np
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api import service_pb2 as s
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from google.protobuf import json_format, struct_pb2
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from sklearn.metrics import average_precision_score, f1_score, log_loss, roc_auc_score

from client_test import PHOTOGRAPHS
from local_server import APP, ServerTest

DIGITS = Path(__file__).parent.parent / "digits"
INDOOR = Path(__file__).parent.parent / "indoor85"
FIELDS = [f.name for f in r.FieldsValue.DESCRIPTOR.fields]


def chunks(items, size=64):
    return [items[at : at + size] for at in range(0, len(items), size)]


class Evaluations(ServerTest):
    def model(self, word, kind):
        """A model with one version, as it is named in an evaluation."""
        model = r.Model(id=self.name(word), model_type_id=kind)
        self.call("PostModels", s.PostModelsRequest(user_app_id=APP, models=[model]))
        version = r.ModelVersion(id=self.name(f"{word}-v"))
        self.call("PostModelVersions", s.PostModelVersionsRequest(user_app_id=APP, model_id=model.id, model_versions=[version]))
        return r.Model(id=model.id, user_id="me", app_id="demo", model_version=version)

    def inputs(self, inputs):
        name = self.name("set")
        self.call("PostDatasets", s.PostDatasetsRequest(user_app_id=APP, datasets=[r.Dataset(id=name)]))
        for some in chunks(inputs):
            for one in some:
                one.dataset_ids.append(name)
            self.call("PostInputs", s.PostInputsRequest(user_app_id=APP, inputs=some))
        return r.Dataset(id=name, user_id="me", app_id="demo")

    def annotate(self, annotations):
        for some in chunks(annotations, 128):
            self.call("PostAnnotations", s.PostAnnotationsRequest(user_app_id=APP, annotations=some))

    def evaluate(self, word, model, dataset, **params):
        sent = r.EvalMetrics(id=self.name(word), model=model, ground_truth_dataset=dataset)
        sent.eval_info.params.update(params)
        posted = self.call("PostEvaluations", s.PostEvaluationsRequest(user_app_id=APP, eval_metrics=[sent])).eval_metrics[0]
        self.assertEqual(posted.status.code, codes.MODEL_QUEUED_FOR_EVALUATION)
        waits = (codes.MODEL_QUEUED_FOR_EVALUATION, codes.MODEL_EVALUATING)
        done = self.wait(lambda: self.read(sent.id), lambda e: e.status.code not in waits)
        self.assertEqual(done.status.code, codes.MODEL_EVALUATED, done.status.details)
        return sent.id

    def read(self, evaluation, *fields):
        wanted = r.FieldsValue(**{field: True for field in fields})
        ask = s.GetEvaluationRequest(user_app_id=APP, evaluation_id=evaluation, fields=wanted)
        return self.call("GetEvaluation", ask).eval_metrics

    def own(self, evaluation):
        """What our server says beyond the API's fields."""
        return json_format.MessageToDict(evaluation.extended_metrics.user_metrics)["labelscope"]

    def test_classifiers_against_scikit_learn(self):
        items = {kind: json.loads((DIGITS / f"predictions_{kind}.json").read_text(encoding="utf-8"))["items"][::4] for kind in ("logreg", "knn10")}
        ids = [self.name(f"d{n}") for n in range(10)]
        concepts = [r.Concept(id=id, name=f"digit {n} {self.mark}") for n, id in enumerate(ids)]
        self.call("PostConcepts", s.PostConceptsRequest(user_app_id=APP, concepts=concepts))
        data = lambda item: r.Data(
            image=r.Image(base64=(DIGITS / "images" / f"{item['id']}.png").read_bytes()),
            concepts=[r.Concept(id=ids[int(item["true_label"])], value=1)],
        )
        dataset = self.inputs([r.Input(id=self.name(item["id"]), data=data(item)) for item in items["logreg"]])
        evaluations = {}
        for kind, predicted in items.items():
            model = self.model(kind, "visual-classifier")
            said = lambda item: r.Data(concepts=[r.Concept(id=id, value=v) for id, v in zip(ids, item["scores"])])
            by = r.Worker(model=r.Model(model_version=model.model_version))
            self.annotate([r.Annotation(input_id=self.name(item["id"]), worker=by, data=said(item)) for item in predicted])
            evaluations[kind] = self.evaluate(kind, model, dataset, use_kfold=False)
            self.compare(evaluations[kind], ids, predicted)
        self.lists(dataset, evaluations)

    def compare(self, evaluation, ids, items):
        truth = np.array([[float(item["true_label"] == str(n)) for n in range(10)] for item in items])
        # What came by the wire has 32 bits.
        scores = np.array([item["scores"] for item in items], dtype=np.float32).astype(np.float64)
        near = lambda got, want: self.assertAlmostEqual(got, want, delta=2e-6)
        place = lambda concept: ids.index(concept.id)
        binary = self.read(evaluation, "binary_metrics").binary_metrics
        self.assertEqual({b.concept.id for b in binary}, set(ids))
        for b in binary:
            y, x = truth[:, place(b.concept)], scores[:, place(b.concept)]
            near(b.roc_auc, roc_auc_score(y, x))
            near(b.avg_precision, average_precision_score(y, x))
            near(b.f1, f1_score(y, x > 0.5))
            self.assertEqual((b.num_pos, b.num_tot), (int(y.sum()), len(items)))
            roc, pr = b.roc_curve, b.precision_recall_curve
            at = [round(t, 2) for t in roc.thresholds].index(0.5)
            # As clients count.
            self.assertEqual(int(roc.tpr[at] * b.num_pos), int(((x > 0.5) & (y == 1)).sum()))
            self.assertEqual(int(roc.fpr[at] * b.num_neg), int(((x > 0.5) & (y == 0)).sum()))
            self.assertEqual({len(roc.fpr), len(roc.tpr), len(roc.thresholds)}, {102})
            self.assertEqual({len(pr.precision), len(pr.recall), len(pr.thresholds)}, {101})
        whole = self.read(evaluation)
        near(whole.summary.macro_avg_roc_auc, roc_auc_score(truth, scores, average="macro"))
        near(whole.summary.macro_avg_f1_score, f1_score(truth, scores > 0.5, average="macro"))
        with warnings.catch_warnings():
            # Six decimals of ten scores do not sum to 1.
            warnings.simplefilter("ignore")
            near(self.own(whole)["log_loss"], log_loss(truth.argmax(axis=1), scores))
        matrix = self.read(evaluation, "confusion_matrix").confusion_matrix
        for cell in matrix.matrix:
            rows = truth[:, place(cell.actual_concept)] == 1
            near(cell.value, scores[rows, place(cell.predicted_concept)].mean())
        self.assertEqual(sorted(matrix.concept_ids), sorted(ids))
        # Each part is read without the others.
        full = self.read(evaluation, *FIELDS)
        self.assertEqual(len(full.test_set), len(items))
        self.assertEqual([len(t.predicted_concepts) for t in full.test_set], [10] * len(items))
        for field in FIELDS:
            one = self.read(evaluation, field)
            for other in FIELDS:
                want = getattr(full, other) if other == field else type(full)().__getattribute__(other)
                self.assertEqual(getattr(one, other), want, f"{other} when {field} is asked for")

    def lists(self, dataset, evaluations):
        def listed(**sort):
            ask = s.ListEvaluationsRequest(user_app_id=APP, eval_dataset_ids=[dataset.id], **sort)
            return self.call("ListEvaluations", ask).eval_metrics

        newest = listed()
        self.assertEqual([e.id for e in newest], [evaluations["knn10"], evaluations["logreg"]])
        self.assertEqual({(e.ground_truth_dataset.user_id, e.ground_truth_dataset.app_id) for e in newest}, {("local", "demo")})
        for sort, value in {
            "sort_by_roc_auc": "macro_avg_roc_auc",
            "sort_by_f1": "macro_avg_f1_score",
            "sort_by_precision": "macro_avg_precision",
            "sort_by_recall": "macro_avg_recall",
        }.items():
            for ascending in (True, False):
                values = [getattr(e.summary, value) for e in listed(**{sort: True}, sort_ascending=ascending)]
                self.assertEqual(values, sorted(values, reverse=not ascending), sort)
        self.assertEqual([e.id for e in listed(sort_by_created_at=True, sort_ascending=True)], [e.id for e in reversed(newest)])

    def test_a_detector_against_pycocotools(self):
        file = json.loads((INDOOR / "instances_gt.json").read_text(encoding="utf-8"))
        found = json.loads((INDOOR / "predictions.json").read_text(encoding="utf-8"))
        by_name = {p.name: p for p in PHOTOGRAPHS}
        images = {i["id"]: i for i in file["images"] if i["file_name"] in by_name}
        images = dict(list(images.items())[:25])
        concept = {c["id"]: self.name(f"c{c['id']}") for c in file["categories"]}
        self.call("PostConcepts", s.PostConceptsRequest(user_app_id=APP, concepts=[r.Concept(id=id) for id in concept.values()]))
        picture = lambda i: r.Data(image=r.Image(base64=by_name[i["file_name"]].read_bytes()))
        dataset = self.inputs([r.Input(id=self.name(f"i{i['id']}"), data=picture(i)) for i in images.values()])

        def region(one, value):
            image, (x, y, w, h) = images[one["image_id"]], one["bbox"]
            box = r.BoundingBox(
                top_row=y / image["height"],
                left_col=x / image["width"],
                # Some reach a pixel beyond.
                bottom_row=min((y + h) / image["height"], 1),
                right_col=min((x + w) / image["width"], 1),
            )
            data = r.Data(concepts=[r.Concept(id=concept[one["category_id"]], value=value)])
            return r.Region(region_info=r.RegionInfo(bounding_box=box), data=data)

        def said(objects, **by):
            return [
                r.Annotation(input_id=self.name(f"i{o['image_id']}"), data=r.Data(regions=[region(o, o.get("score", 1))]), **by)
                for o in objects
                if o["image_id"] in images
            ]

        model = self.model("detector", "visual-detector")
        self.annotate(said(file["annotations"]))
        self.annotate(said(found, worker=r.Worker(model=r.Model(model_version=model.model_version))))
        evaluation = self.evaluate("e", model, dataset)
        full = self.read(evaluation, *FIELDS)
        summary, want = full.summary, self.pycocotools(full, images)
        self.assertAlmostEqual(summary.mean_avg_precision_iou_range, want["AP"], delta=1e-6)
        self.assertAlmostEqual(summary.mean_avg_precision_iou_50, want["AP50"], delta=1e-6)
        for name, value in want.items():
            got = self.own(full)["coco"][name]
            self.assertAlmostEqual(-1 if got is None else got, value, delta=1e-6, msg=name)
        for b in full.metrics_by_class:
            if b.num_pos:
                self.assertEqual(len(b.precision_recall_curve.precision), 101)
        self.assertEqual({round(b.iou, 1) for b in full.metrics_by_class}, {0.5, 0.6, 0.7, 0.8, 0.9})
        self.assertEqual({b.area_name for b in full.metrics_by_area}, {"all", "small", "medium", "large"})
        self.assertEqual(len(full.binary_metrics), 0)

    def pycocotools(self, full, images):
        """The twelve numbers of the boxes that the test set tells."""
        sizes = {self.name(f"i{n}"): (n, i["width"], i["height"]) for n, i in images.items()}
        categories = sorted({b.concept.id for b in full.metrics_by_class})

        def boxes(annotation):
            image, width, height = sizes[annotation.input_id]
            for region in annotation.data.regions:
                b, c = region.region_info.bounding_box, region.data.concepts[0]
                x, y = b.left_col * width, b.top_row * height
                bbox = [x, y, b.right_col * width - x, b.bottom_row * height - y]
                yield {"image_id": image, "category_id": categories.index(c.id) + 1, "bbox": bbox, "area": bbox[2] * bbox[3], "iscrowd": 0, "score": c.value}

        truth = [b for t in full.test_set for b in boxes(t.ground_truth_annotation)]
        found = [b for t in full.test_set for b in boxes(t.predicted_annotation)]
        for at, one in enumerate(truth):
            one["id"] = at + 1
        with contextlib.redirect_stdout(io.StringIO()):
            coco = COCO()
            coco.dataset = {
                "images": [{"id": n} for n, _, _ in sizes.values()],
                "annotations": truth,
                "categories": [{"id": at + 1, "name": c} for at, c in enumerate(categories)],
            }
            coco.createIndex()
            measured = COCOeval(coco, coco.loadRes(found), "bbox")
            measured.evaluate()
            measured.accumulate()
            measured.summarize()
        names = ["AP", "AP50", "AP75", "APsmall", "APmedium", "APlarge", "AR1", "AR10", "AR100", "ARsmall", "ARmedium", "ARlarge"]
        return dict(zip(names, measured.stats))

    def test_what_cannot_be_done_is_told(self):
        model = self.model("m", "visual-classifier")
        sent = r.EvalMetrics(model=model, ground_truth_dataset=r.Dataset(id=self.name("none"), user_id="me", app_id="demo"))
        ask = s.PostEvaluationsRequest(user_app_id=APP, eval_metrics=[sent])
        self.call("PostEvaluations", ask, codes.CONN_DOES_NOT_EXIST)
        params = struct_pb2.Struct()
        params.update({"threshold": "high"})
        sent.eval_info.params.CopyFrom(params)
        reply = self.call("PostEvaluations", s.PostEvaluationsRequest(user_app_id=APP, eval_metrics=[sent]), codes.CONN_INVALID_REQUEST)
        self.assertIn("eval_metrics[0].eval_info.params.threshold", reply.status.details)


if __name__ == "__main__":
    unittest.main()
