"""The vendor's own Python client, over REST and JSON, against `labelscope serve`: the way from concepts to an export."""

import io
import time
import unittest
import zipfile
from pathlib import Path

import requests
from clarifai_grpc.grpc.api import resources_pb2, service_pb2
from clarifai_grpc.grpc.api.status import status_code_pb2
from google.protobuf import struct_pb2

from local_server import APP, METADATA, TOKEN, ServerTest

PHOTOGRAPHS = sorted((Path(__file__).parent.parent / "indoor85" / "images").glob("*.jpg"))


class VendorsClient(ServerTest):
    def post_inputs(self, count):
        inputs = []
        for at, path in enumerate(PHOTOGRAPHS[:count]):
            metadata = struct_pb2.Struct()
            metadata.update({"file": path.name, "number": at})
            image = resources_pb2.Image(base64=path.read_bytes())
            concepts = [resources_pb2.Concept(id=f"room-{self.mark}", name="room", value=1.0)]
            data = resources_pb2.Data(image=image, metadata=metadata, concepts=concepts)
            inputs.append(resources_pb2.Input(id=f"photo-{self.mark}-{at}", data=data))
        request = service_pb2.PostInputsRequest(user_app_id=APP, inputs=inputs)
        return self.call("PostInputs", request).inputs

    def test_concepts_are_created_listed_and_read(self):
        chair = resources_pb2.Concept(id=f"chair-{self.mark}", name="chair", definition="a seat for one")
        posted = self.call("PostConcepts", service_pb2.PostConceptsRequest(user_app_id=APP, concepts=[chair]))
        self.assertEqual(posted.concepts[0].id, chair.id)
        listed = self.call("ListConcepts", service_pb2.ListConceptsRequest(user_app_id=APP, page=1, per_page=1000))
        self.assertIn(chair.id, [concept.id for concept in listed.concepts])
        read = self.call("GetConcept", service_pb2.GetConceptRequest(user_app_id=APP, concept_id=chair.id))
        self.assertEqual(read.concept.definition, "a seat for one")

    def test_the_page_after_the_last_is_empty(self):
        request = service_pb2.ListConceptsRequest(user_app_id=APP, page=10_000, per_page=20)
        self.assertEqual(len(self.call("ListConcepts", request).concepts), 0)

    def test_inputs_are_posted_listed_and_their_photographs_come_back(self):
        posted = self.post_inputs(2)
        self.assertEqual([one.id for one in posted], [f"photo-{self.mark}-0", f"photo-{self.mark}-1"])
        listed = self.call("ListInputs", service_pb2.ListInputsRequest(user_app_id=APP, page=1, per_page=1000))
        ours = {one.id: one for one in listed.inputs if self.mark in one.id}
        self.assertEqual(len(ours), 2)
        url = ours[f"photo-{self.mark}-0"].data.image.url
        reply = requests.get(url, headers=dict(METADATA), timeout=30)
        self.assertEqual(reply.status_code, 200)
        self.assertEqual(reply.content, PHOTOGRAPHS[0].read_bytes())

    def test_a_second_input_of_the_same_id_is_refused_in_the_vendors_words(self):
        self.post_inputs(1)
        again = resources_pb2.Input(
            id=f"photo-{self.mark}-0",
            data=resources_pb2.Data(image=resources_pb2.Image(base64=PHOTOGRAPHS[1].read_bytes())),
        )
        request = service_pb2.PostInputsRequest(user_app_id=APP, inputs=[again])
        reply = self.stub.PostInputs(request, metadata=METADATA)
        self.assertNotEqual(reply.status.code, status_code_pb2.SUCCESS)
        self.assertEqual(reply.inputs[0].status.details, "Input has a duplicate ID.")

    def test_a_wrong_token_is_refused_with_a_status(self):
        request = service_pb2.ListConceptsRequest(user_app_id=APP)
        reply = self.stub.ListConcepts(request, metadata=(("authorization", f"Key not-{TOKEN}"),))
        self.assertNotEqual(reply.status.code, status_code_pb2.SUCCESS)
        self.assertNotIn(TOKEN, str(reply))

    def test_a_dataset_is_frozen_and_exported(self):
        posted = self.post_inputs(3)
        name = f"rooms-{self.mark}"
        dataset = resources_pb2.Dataset(id=name)
        self.call("PostDatasets", service_pb2.PostDatasetsRequest(user_app_id=APP, datasets=[dataset]))
        members = [resources_pb2.DatasetInput(input=resources_pb2.Input(id=one.id)) for one in posted]
        self.call(
            "PostDatasetInputs",
            service_pb2.PostDatasetInputsRequest(user_app_id=APP, dataset_id=name, dataset_inputs=members),
        )
        version = resources_pb2.DatasetVersion(id="first")
        self.call(
            "PostDatasetVersions",
            service_pb2.PostDatasetVersionsRequest(user_app_id=APP, dataset_id=name, dataset_versions=[version]),
        )
        archive = self.export(name, "first", resources_pb2.CLARIFAI_DATA_PROTOBUF)
        self.assertEqual(archive.read("mimetype"), b"application/x.clarifai-data+protobuf")
        exported = []
        for member in archive.namelist():
            if member != "mimetype":
                batch = resources_pb2.InputBatch.FromString(archive.read(member))
                self.assertTrue(member.endswith(f"_n{len(batch.inputs)}"), member)
                exported += batch.inputs
        self.assertEqual({one.id for one in exported}, {one.id for one in posted})
        self.assertEqual({concept.id for one in exported for concept in one.data.concepts}, {f"room-{self.mark}"})

    def export(self, dataset, version, kind):
        """Asks again and again, as the vendor's SDK does, until the archive is there."""
        request = service_pb2.PutDatasetVersionExportsRequest(
            user_app_id=APP,
            dataset_id=dataset,
            dataset_version_id=version,
            exports=[resources_pb2.DatasetVersionExport(format=kind)],
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            export = self.call("PutDatasetVersionExports", request).exports[0]
            if export.status.code == status_code_pb2.DATASET_VERSION_EXPORT_SUCCESS:
                reply = requests.get(export.url, headers={"Authorization": f"Key {TOKEN}"}, timeout=30)
                self.assertEqual(reply.headers["Content-Type"], "application/zip")
                return zipfile.ZipFile(io.BytesIO(reply.content))
            waits = (
                status_code_pb2.DATASET_VERSION_EXPORT_PENDING,
                status_code_pb2.DATASET_VERSION_EXPORT_IN_PROGRESS,
            )
            self.assertIn(export.status.code, waits, export.status.description)
            time.sleep(0.1)
        self.fail("the export was not ready within a minute")


if __name__ == "__main__":
    unittest.main()
