"""Predictions of a detector are imported, and the vendor's client finds them by their model version."""

import json
import unittest
from pathlib import Path

from clarifai_grpc.grpc.api import resources_pb2, service_pb2
from google.protobuf import json_format

from local_server import APP, ServerTest

INDOOR = Path(__file__).parent.parent / "indoor85"


class Predictions(ServerTest):
    def test_detections_are_annotations_of_their_model_version(self):
        dataset, model, version = self.name("rooms"), self.name("detector"), self.name("v1")
        self.import_file(INDOOR / "instances_gt.json", {"dataset_id": dataset})
        wish = {"dataset_id": dataset, "model_id": model, "model_version_id": version}
        job = self.import_file(INDOOR / "predictions.json", wish)
        self.assertEqual(job["result"]["predictions_added"], "494")
        file = json.loads((INDOOR / "predictions.json").read_text(encoding="utf-8"))

        found = self.said_by(version)
        self.assertEqual(len(found), len(file))
        names = {one["id"]: one["name"] for one in json.loads((INDOOR / "instances_gt.json").read_text())["categories"]}
        for one, want in zip(found, file):
            self.assertFalse(one.trusted)
            self.assertEqual((one.worker.model.id, one.worker.model.model_version.id), (model, version))
            self.assertEqual(one.model_version_id, version)
            concept = one.data.regions[0].data.concepts[0]
            self.assertEqual(concept.name, names[want["category_id"]])
            self.assertAlmostEqual(concept.value, want["score"], places=6)
            exact = json_format.MessageToDict(one.data.metadata)["labelscope"]["bbox"]
            self.assertEqual(exact, [float(number) for number in want["bbox"]])

        shown = self.call("GetModel", service_pb2.GetModelRequest(user_app_id=APP, model_id=model)).model
        self.assertEqual((shown.model_type_id, shown.model_version.id), ("visual-detector", version))
        # Labels alone are listed where nobody asks for predictions.
        request = service_pb2.ListAnnotationsRequest(user_app_id=APP, input_ids=[found[0].input_id], per_page=1000)
        self.assertTrue(all(one.trusted for one in self.call("ListAnnotations", request).annotations))
        again = self.import_file(INDOOR / "predictions.json", wish)
        self.assertTrue(again["result"]["unchanged"])

    def said_by(self, version):
        found, page = [], 1
        while True:
            request = service_pb2.ListAnnotationsRequest(
                user_app_id=APP, model_version_ids=[version], page=page, per_page=200
            )
            more = self.call("ListAnnotations", request).annotations
            found.extend(more)
            if len(more) < 200:
                return found
            page += 1

    def test_an_annotation_that_the_client_posts_comes_back_with_its_model(self):
        model, version = self.name("net"), self.name("v1")
        made = resources_pb2.Model(id=model, model_type_id="text-classifier")
        self.call("PostModels", service_pb2.PostModelsRequest(user_app_id=APP, models=[made]))
        versions = [resources_pb2.ModelVersion(id=version)]
        request = service_pb2.PostModelVersionsRequest(user_app_id=APP, model_id=model, model_versions=versions)
        self.call("PostModelVersions", request)
        text = resources_pb2.Input(id=self.name("mail"), data=resources_pb2.Data(text=resources_pb2.Text(raw="hello")))
        self.call("PostInputs", service_pb2.PostInputsRequest(user_app_id=APP, inputs=[text]))
        concepts = [resources_pb2.Concept(id=self.name("spam"), value=0.25)]
        worker = resources_pb2.Worker(
            model=resources_pb2.Model(id=model, model_version=resources_pb2.ModelVersion(id=version))
        )
        sent = resources_pb2.Annotation(input_id=text.id, data=resources_pb2.Data(concepts=concepts), worker=worker)
        request = service_pb2.PostAnnotationsRequest(user_app_id=APP, annotations=[sent])
        back = self.call("PostAnnotations", request).annotations[0]
        self.assertEqual((back.worker.model.id, back.model_version_id), (model, version))
        self.assertAlmostEqual(back.data.concepts[0].value, 0.25)


if __name__ == "__main__":
    unittest.main()
