"""Inputs out of a bucket: moto plays S3 on loopback and checks every signature; the server is one of its own, which is told to
ask that store."""

import contextlib
import hashlib
import io
import json
import logging
import os
import re
import subprocess
import tempfile
import time
import unittest
import zipfile
from pathlib import Path

# Pages of a list are this short, so that few files make many.
os.environ["MOTO_S3_DEFAULT_MAX_KEYS"] = "2"

import boto3  # noqa: E402
import requests  # noqa: E402
from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel  # noqa: E402
from clarifai_grpc.grpc.api import resources_pb2 as r  # noqa: E402
from clarifai_grpc.grpc.api import service_pb2 as s  # noqa: E402
from clarifai_grpc.grpc.api import service_pb2_grpc  # noqa: E402
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

from client_test import PHOTOGRAPHS  # noqa: E402
from local_server import APP, TOKEN, ServerTest  # noqa: E402

REGION = "eu-west-3"
# Nobody's: where the server looked into its own environment, requests would be signed with these.
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "AKIAOFTHESERVER", "AWS_SECRET_ACCESS_KEY": "of-the-server", "AWS_SESSION_TOKEN": "x"}
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


@contextlib.contextmanager
def store(files):
    """A store with a bucket `photos`. Gives its address, and the id and the secret that it takes."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    try:
        url = "http://{}:{}".format(*moto.get_host_and_port())
        first = {"endpoint_url": url, "region_name": REGION, "aws_access_key_id": "any", "aws_secret_access_key": "any"}
        s3, iam = boto3.client("s3", **first), boto3.client("iam", **first)
        s3.create_bucket(Bucket="photos", CreateBucketConfiguration={"LocationConstraint": REGION})
        for key, body in files.items():
            s3.put_object(Bucket="photos", Key=key, Body=body)
        iam.create_user(UserName="reader")
        iam.put_user_policy(UserName="reader", PolicyName="all", PolicyDocument=json.dumps(EVERYTHING))
        key = iam.create_access_key(UserName="reader")["AccessKey"]
        # From now on it looks at who asks.
        requests.post(f"{url}/moto-api/reset-auth", data="0", timeout=10).raise_for_status()
        yield url, key["AccessKeyId"], key["SecretAccessKey"]
    finally:
        moto.stop()


@contextlib.contextmanager
def server(folder, endpoint):
    """A server with its data in a folder and its log beside it. Gives its address."""
    command = [os.environ["LABELSCOPE_BINARY"], "serve", "--listen", "127.0.0.1:0", "--token", TOKEN]
    command += ["--data", str(folder / "data"), "--s3-endpoint", endpoint]
    environment = {**os.environ, **ENVIRONMENT, "LABELSCOPE_LOG_FILTER": "trace"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment, text=True)
        try:
            yield re.search(r"http://\S+", process.stdout.readline()).group()
        finally:
            process.terminate()
            process.wait(timeout=30)
            process.stdout.close()


def archive(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as into:
        for name, body in files.items():
            into.writestr(name, body)
    return out.getvalue()


class Bucket(ServerTest):
    @classmethod
    def setUpClass(cls):
        photographs = [path.read_bytes() for path in PHOTOGRAPHS[:7]]
        cls.wanted = photographs[:6]
        files = {
            "room-1": b"",
            "room-1/": b"",
            "room-1/a b+c%25.jpg": photographs[0],
            "room-1/deep/größe.jpg": photographs[1],
            "room-1/more.zip": archive({"one.jpg": photographs[2], "folder/two.jpg": photographs[3]}),
            "room-10.jpg": photographs[4],
            "room-11.jpg": photographs[5],
            # Not below the prefix.
            "room-2.jpg": photographs[6],
        }
        at = contextlib.ExitStack()
        cls.addClassCleanup(at.close)
        cls.folder = Path(at.enter_context(tempfile.TemporaryDirectory()))
        endpoint, cls.id, cls.secret = at.enter_context(store(files))
        url = at.enter_context(server(cls.folder, endpoint))
        cls.stub = service_pb2_grpc.V2Stub(ClarifaiChannel.get_json_channel(base_url=url))

    def extract(self, url, secret):
        """Adds what lies at an address, and gives the job as it ended."""
        creds = r.AWSCreds(region=REGION, id=self.id, secret=secret)
        place = r.DataSourceURL(url=url, credentials=r.DataSourceCredentials(s3_creds=creds))
        request = s.PostInputsDataSourcesRequest(user_app_id=APP, data_sources=[r.InputsDataSource(url=place)])
        reply = self.call("PostInputsDataSources", request)
        job = reply.inputs_add_jobs[0].extraction_jobs[0]
        ask = s.GetInputsExtractionJobRequest(user_app_id=APP, inputs_extraction_job_id=job.id)
        deadline = time.monotonic() + 60
        while job.status.code in (codes.JOB_QUEUED, codes.JOB_RUNNING):
            self.assertLess(time.monotonic(), deadline, f"the job has not ended: {job}")
            time.sleep(0.05)
            job = self.call("GetInputsExtractionJob", ask).inputs_extraction_job
        self.assert_nowhere(secret, str(reply), str(job))
        return job

    def assert_nowhere(self, secret, *texts):
        """Neither what was answered nor what was kept or logged holds a secret."""
        for text in texts:
            self.assertNotIn(secret, text)
        kept = [path for path in self.folder.rglob("*") if path.is_file()]
        self.assertTrue(any(path.stat().st_size > 0 for path in kept))
        for path in kept:
            body = path.read_bytes()
            for hidden in (secret, self.id, ENVIRONMENT["AWS_SECRET_ACCESS_KEY"]):
                self.assertNotIn(hidden.encode(), body, path.relative_to(self.folder))

    def images(self):
        """The hashes of all images that the server has."""
        listed = self.call("ListInputs", s.ListInputsRequest(user_app_id=APP, per_page=100)).inputs
        headers = {"Authorization": f"Key {TOKEN}"}
        bodies = [requests.get(one.data.image.url, headers=headers, timeout=30) for one in listed]
        return sorted(hashlib.sha256(body.content).hexdigest() for body in bodies)

    def test_all_below_a_prefix_becomes_inputs(self):
        job = self.extract("s3://photos/room-1", self.secret)
        self.assertEqual(job.status.code, codes.JOB_COMPLETED, job)
        self.assertEqual(job.progress.image_inputs_count, len(self.wanted), job)
        self.assertEqual(job.progress.completed_archives_count, 1, job)
        self.assertEqual(self.images(), sorted(hashlib.sha256(body).hexdigest() for body in self.wanted))

    def test_a_wrong_secret_is_refused(self):
        wrong = "not/the+secret"
        job = self.extract("s3://photos/room-2", wrong)
        self.assertNotEqual(job.status.code, codes.JOB_COMPLETED, job)
        self.assertIn("refused", job.status.description + job.status.details)


if __name__ == "__main__":
    unittest.main()
