"""The vendor's own Python client: uploads, jobs that add inputs, copies of apps, changes to many inputs."""

import io
import tarfile
import unittest
import uuid
import zipfile

from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api import service_pb2 as s
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from local_server import APP, ServerTest
from client_test import PHOTOGRAPHS

USER = r.UserAppIDSet(user_id="me")
PART = 50_000


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def tarred(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


class Adding(ServerTest):
    def announce(self, archive, name, **more):
        """Announces an archive; the add job, and its upload."""
        job, upload = self.name("job"), self.name("upload")
        sent = r.InputsUpload(
            inputs_add_job_id=job,
            upload=r.Upload(id=upload, content_name=name, content_length=len(archive)),
            input_template=r.Input(data=r.Data(concepts=[r.Concept(id=self.name("room"), value=1)]), **more),
        )
        reply = self.call("PostInputsUploads", s.PostInputsUploadsRequest(user_app_id=APP, inputs_uploads=[sent]))
        self.assertEqual(reply.inputs_add_jobs[0].id, job)
        self.assertEqual(reply.inputs_add_jobs[0].uploads[0].id, upload)
        return job, upload

    def send(self, upload, archive, numbers=None):
        """Sends the parts with these numbers, all where none are said; gives the last answer."""
        parts = [(start, archive[start : start + PART]) for start in range(0, len(archive), PART)]
        for number, (start, data) in enumerate(parts, 1):
            if numbers is None or number in numbers:
                part = r.UploadContentPart(range_start=start, part_number=number, data=data)
                request = s.PutUploadContentPartsRequest(user_app_id=APP, upload_id=upload, content_parts=[part])
                reply = self.call("PutUploadContentParts", request)
        return reply.upload

    def extracted(self, job):
        """The extraction job of an add job, once it is over."""
        found = self.wait(
            lambda: self.call("GetInputsAddJob", s.GetInputsAddJobRequest(user_app_id=APP, id=job)).inputs_add_job,
            lambda j: j.extraction_jobs and j.status.code in (codes.JOB_COMPLETED, codes.JOB_FAILED, codes.JOB_CANCELLED),
        )
        request = s.GetInputsExtractionJobRequest(user_app_id=APP, inputs_extraction_job_id=found.extraction_jobs[0].id)
        return found, self.call("GetInputsExtractionJob", request).inputs_extraction_job

    def tagged(self):
        """Ids of the inputs that carry this test's concept."""
        filters = [r.Filter(annotation=r.Annotation(data=r.Data(concepts=[r.Concept(id=self.name("room"), value=1)])))]
        search = r.Search(query=r.Query(filters=filters))
        request = s.PostInputsSearchesRequest(user_app_id=APP, searches=[search], pagination=s.Pagination(per_page=500))
        # The concept comes with the first input that carries it; until then there is none to search by.
        if self.stub.GetConcept(s.GetConceptRequest(user_app_id=APP, concept_id=self.name("room")), metadata=self.metadata).status.code == codes.CONN_DOES_NOT_EXIST:
            return []
        return sorted(h.input.id for h in self.call("PostInputsSearches", request).hits)

    def test_archives_become_inputs(self):
        for make, ending in ((zipped, "zip"), (tarred, "tar.gz")):
            self.mark = uuid.uuid4().hex[:8]
            names = [self.name(f"room{at}") for at in range(3)]
            archive = make({f"rooms/{n}.jpg": PHOTOGRAPHS[at].read_bytes() for at, n in enumerate(names)})
            dataset = self.name("set")
            self.call("PostDatasets", s.PostDatasetsRequest(user_app_id=APP, datasets=[r.Dataset(id=dataset)]))
            job, upload = self.announce(archive, f"rooms.{ending}", dataset_ids=[dataset])
            half = self.send(upload, archive, {1})
            self.assertEqual(half.status.code, codes.UPLOAD_IN_PROGRESS)
            got = self.call("GetUpload", s.GetUploadRequest(user_app_id=APP, upload_id=upload)).upload
            self.assertEqual((got.content_length, got.content_name), (len(archive), f"rooms.{ending}"))
            self.assertGreater(got.status.percent_completed, 0)
            self.assertEqual(self.send(upload, archive).status.code, codes.UPLOAD_DONE)
            added, extraction = self.extracted(job)
            self.assertEqual(extraction.status.code, codes.JOB_COMPLETED, extraction.status.details)
            self.assertEqual((added.progress.success_count, added.progress.failed_count), (3, 0))
            self.assertEqual(extraction.progress.image_inputs_count, 3)
            self.assertEqual(len(self.tagged()), 3)
            members = self.call("ListDatasetInputs", s.ListDatasetInputsRequest(user_app_id=APP, dataset_id=dataset)).dataset_inputs
            self.assertEqual(sorted(m.input.id for m in members), self.tagged())
            listed = self.call("ListInputsAddJobs", s.ListInputsAddJobsRequest(user_app_id=APP, per_page=10)).inputs_add_jobs
            self.assertEqual(listed[0].id, job)
            request = s.ListInputsExtractionJobsRequest(user_app_id=APP, per_page=10)
            listed = self.call("ListInputsExtractionJobs", request).inputs_extraction_jobs
            self.assertEqual(listed[0].id, extraction.id)

    def test_a_hostile_archive_adds_nothing(self):
        archive = zipped({"room.jpg": PHOTOGRAPHS[0].read_bytes(), "../../escaped.jpg": PHOTOGRAPHS[1].read_bytes()})
        job, upload = self.announce(archive, "hostile.zip")
        self.send(upload, archive)
        _, extraction = self.extracted(job)
        self.assertIn("..", extraction.status.details)
        self.assertEqual(self.tagged(), [])

    def test_jobs_are_cancelled(self):
        archive = zipped({"room.jpg": PHOTOGRAPHS[0].read_bytes()})
        job, upload = self.announce(archive, "rooms.zip")
        cancelled = self.call("CancelInputsAddJob", s.CancelInputsAddJobRequest(user_app_id=APP, id=job)).inputs_add_job
        self.assertEqual(cancelled.status.code, codes.JOB_CANCELLED)
        part = r.UploadContentPart(range_start=0, part_number=1, data=archive)
        request = s.PutUploadContentPartsRequest(user_app_id=APP, upload_id=upload, content_parts=[part])
        self.assertNotEqual(self.stub.PutUploadContentParts(request, metadata=self.metadata).status.code, codes.SUCCESS)
        self.assertEqual(self.tagged(), [])
        job, upload = self.announce_again(archive)
        self.send(upload, archive)
        _, extraction = self.extracted(job)
        # What is over stays as it is.
        request = s.CancelInputsExtractionJobsRequest(user_app_id=APP, ids=[extraction.id])
        after = self.call("CancelInputsExtractionJobs", request).inputs_extraction_jobs
        self.assertEqual(after[0].status.code, codes.JOB_COMPLETED)

    def announce_again(self, archive):
        self.mark = uuid.uuid4().hex[:8]
        return self.announce(archive, "rooms.zip")

    def test_uploads_by_themselves(self):
        content = bytes(range(256)) * 400
        posted = r.Upload(id=self.name("u"), content_name="a.bin", content_length=len(content))
        reply = self.call("PostUploads", s.PostUploadsRequest(user_app_id=APP, uploads=[posted]))
        self.assertEqual(reply.uploads[0].status.code, codes.UPLOAD_IN_PROGRESS)
        self.assertEqual(self.send(posted.id, content).status.code, codes.UPLOAD_DONE)
        listed = self.call("ListUploads", s.ListUploadsRequest(user_app_id=APP, per_page=500)).uploads
        self.assertIn(posted.id, [u.id for u in listed])
        self.call("DeleteUploads", s.DeleteUploadsRequest(user_app_id=APP, ids=[posted.id]))
        self.call("GetUpload", s.GetUploadRequest(user_app_id=APP, upload_id=posted.id), codes.CONN_DOES_NOT_EXIST)

    def test_data_sources_that_may_not_be_read_are_refused(self):
        source = r.InputsDataSource(inputs_add_job_id=self.name("j"), url=r.DataSourceURL(url="file:///etc/"))
        request = s.PostInputsDataSourcesRequest(user_app_id=APP, data_sources=[source])
        reply = self.stub.PostInputsDataSources(request, metadata=self.metadata)
        if reply.status.code == codes.SUCCESS:
            _, extraction = self.extracted(self.name("j"))
            self.assertNotEqual(extraction.status.code, codes.JOB_COMPLETED)
            self.assertIn("allow", extraction.status.details)
        else:
            self.assertIn("allow", reply.status.details)

    def inputs(self, count):
        posted = [
            r.Input(
                id=self.name(f"in{at}"),
                data=r.Data(image=r.Image(base64=PHOTOGRAPHS[at].read_bytes()), concepts=[r.Concept(id=self.name("room"), value=1)]),
            )
            for at in range(count)
        ]
        self.call("PostInputs", s.PostInputsRequest(user_app_id=APP, inputs=posted))
        return [one.id for one in posted]

    def test_bulk_operations(self):
        ids = self.inputs(3)
        operation = r.Operation(add_concepts=r.AddConcepts(concepts=[r.Concept(id=self.name("kitchen"), value=1)]))
        sent = r.BulkOperation(input_ids=r.InputIDs(input_ids=ids[:2]), operation=operation)
        begun = self.call("PostBulkOperations", s.PostBulkOperationsRequest(user_app_id=APP, bulk_operations=[sent])).bulk_operation[0]
        over = self.wait(
            lambda: self.call("GetBulkOperation", s.GetBulkOperationRequest(user_app_id=APP, id=begun.id)).bulk_operation,
            lambda b: b.status.code not in (codes.BULK_OPERATION_PENDING, codes.BULK_OPERATION_IN_PROGRESS),
        )
        self.assertEqual((over.status.code, over.progress.processed), (codes.BULK_OPERATION_SUCCESS, 2))
        for at, one in enumerate(ids):
            data = self.call("GetInput", s.GetInputRequest(user_app_id=APP, input_id=one)).input.data
            self.assertEqual(self.name("kitchen") in [c.id for c in data.concepts], at < 2)
        listed = self.call("ListBulkOperations", s.ListBulkOperationsRequest(user_app_id=APP, per_page=10)).bulk_operation
        self.assertEqual(listed[0].id, begun.id)
        request = s.CancelBulkOperationRequest(user_app_id=APP, ids=[begun.id])
        self.assertEqual(self.call("CancelBulkOperations", request).bulk_operation[0].status.code, codes.BULK_OPERATION_SUCCESS)

    def test_an_app_is_copied(self):
        source, copy = self.name("source"), self.name("copy")
        scope = r.UserAppIDSet(user_id="me", app_id=source)
        self.call("PostApps", s.PostAppsRequest(user_app_id=USER, apps=[r.App(id=source)]))
        image = r.Image(base64=PHOTOGRAPHS[0].read_bytes())
        posted = r.Input(id="one", data=r.Data(image=image, concepts=[r.Concept(id="room", value=1)]))
        self.call("PostInputs", s.PostInputsRequest(user_app_id=scope, inputs=[posted]))
        everything = r.AppDuplicationFilters(copy_inputs=True, copy_concepts=True, copy_annotations=True)
        sent = r.AppDuplication(destination_app=r.App(id=copy), filter=everything)
        reply = self.call("PostAppDuplications", s.PostAppDuplicationsRequest(user_app_id=scope, app_duplications=[sent]))
        begun = reply.app_duplications[0]
        over = self.wait(
            lambda: self.call("GetAppDuplication", s.GetAppDuplicationRequest(user_app_id=USER, app_duplication_id=begun.id)).app_duplication,
            lambda d: d.status.code not in (codes.APP_DUPLICATION_PENDING, codes.APP_DUPLICATION_IN_PROGRESS),
        )
        self.assertEqual(over.status.code, codes.APP_DUPLICATION_SUCCESS, over.status.details)
        self.assertEqual({p.field: p.value for p in over.progress}.get("inputs"), 1)
        there = r.UserAppIDSet(user_id="me", app_id=copy)
        data = self.call("GetInput", s.GetInputRequest(user_app_id=there, input_id="one")).input.data
        self.assertEqual([c.id for c in data.concepts], ["room"])
        listed = self.call("ListAppDuplications", s.ListAppDuplicationsRequest(user_app_id=USER, per_page=10)).app_duplications
        self.assertEqual(listed[0].id, begun.id)
        for app in (source, copy):
            self.call("DeleteApp", s.DeleteAppRequest(user_app_id=r.UserAppIDSet(user_id="me", app_id=app)))


if __name__ == "__main__":
    unittest.main()
