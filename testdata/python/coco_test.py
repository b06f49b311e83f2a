"""What goes in as COCO comes out as COCO: both real files are imported, frozen, exported, and read by pycocotools."""

import io
import json
import tempfile
import time
import unittest
import uuid
import zipfile
from pathlib import Path

import numpy
import requests
from clarifai_grpc.grpc.api import resources_pb2, service_pb2
from clarifai_grpc.grpc.api.status import status_code_pb2
from pycocotools.coco import COCO

from local_server import APP, HEADERS, ServerTest

DATA = Path(__file__).parent.parent


class RoundTrip(ServerTest):
    def test_boxes_of_real_photographs(self):
        self.round_trip(DATA / "indoor85" / "instances_gt.json")

    def test_polygons_masks_and_crowds(self):
        self.round_trip(DATA / "coco100" / "instances_gt.json")

    def round_trip(self, path):
        dataset = f"{path.parent.name}-{uuid.uuid4().hex[:8]}"
        self.import_file(path, {"dataset_id": dataset, "format": "coco"})
        version = resources_pb2.DatasetVersion(id="first")
        request = service_pb2.PostDatasetVersionsRequest(user_app_id=APP, dataset_id=dataset, dataset_versions=[version])
        self.call("PostDatasetVersions", request)
        archive = self.export(dataset, "first")
        names = [name for name in archive.namelist() if name.endswith(".json")]
        self.assertEqual(len(names), 1, names)
        with tempfile.TemporaryDirectory() as folder:
            exported = COCO(archive.extract(names[0], folder))
        self.assert_same(COCO(str(path)), exported)

    def assert_same(self, before, after):
        """The same images, categories and annotations; ids may differ, so names stand for them."""
        self.assertEqual(
            sorted((one["file_name"], one["width"], one["height"]) for one in before.dataset["images"]),
            sorted((one["file_name"], one["width"], one["height"]) for one in after.dataset["images"]),
        )
        self.assertEqual(
            sorted(one["name"] for one in before.dataset["categories"]),
            sorted(one["name"] for one in after.dataset["categories"]),
        )
        self.assertTrue(all(one["id"] >= 1 for one in after.dataset["categories"]))
        ours, theirs = self.annotations(before), self.annotations(after)
        self.assertEqual(len(ours), len(theirs))
        for one, other in zip(ours, theirs):
            self.assertEqual(one, other)
        # What the masks cover, as pycocotools itself draws them.
        for image in list(before.imgs.values())[:10]:
            other = next(one for one in after.imgs.values() if one["file_name"] == image["file_name"])
            self.assertTrue(numpy.array_equal(self.drawn(before, image["id"]), self.drawn(after, other["id"])))

    @staticmethod
    def annotations(coco):
        """Every annotation as text that is the same whatever the ids are."""
        return sorted(
            json.dumps(
                {
                    "image": coco.imgs[one["image_id"]]["file_name"],
                    "category": coco.cats[one["category_id"]]["name"],
                    "bbox": [float(number) for number in one["bbox"]],
                    "area": float(one["area"]),
                    "iscrowd": one.get("iscrowd", 0),
                    "segmentation": one.get("segmentation") or [],
                },
                sort_keys=True,
            )
            for one in coco.dataset["annotations"]
        )

    @staticmethod
    def drawn(coco, image_id):
        size = (coco.imgs[image_id]["height"], coco.imgs[image_id]["width"])
        total = numpy.zeros(size, dtype=int)
        for one in coco.loadAnns(coco.getAnnIds(imgIds=[image_id])):
            if one.get("segmentation"):
                total += coco.annToMask(one)
        return total

    def export(self, dataset, version):
        request = service_pb2.PutDatasetVersionExportsRequest(
            user_app_id=APP,
            dataset_id=dataset,
            dataset_version_id=version,
            exports=[resources_pb2.DatasetVersionExport(format=resources_pb2.COCO)],
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            export = self.call("PutDatasetVersionExports", request).exports[0]
            if export.status.code == status_code_pb2.DATASET_VERSION_EXPORT_SUCCESS:
                return zipfile.ZipFile(io.BytesIO(requests.get(export.url, headers=HEADERS, timeout=60).content))
            time.sleep(0.1)
        self.fail("the export was not ready within a minute")


if __name__ == "__main__":
    unittest.main()
