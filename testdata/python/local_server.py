"""The server under test and the vendor's JSON client on it. `cargo xtask test python` sets the environment."""

import atexit
import json
import os
import time
import unittest
import uuid
from pathlib import Path

URL = os.environ["LABELSCOPE_URL"]
TOKEN = os.environ["LABELSCOPE_TOKEN"]

# The vendor's client reads its address when it is imported.
os.environ["CLARIFAI_API_BASE"] = URL

import requests  # noqa: E402
from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel  # noqa: E402
from clarifai_grpc.grpc.api import resources_pb2, service_pb2_grpc  # noqa: E402
from clarifai_grpc.grpc.api.status import status_code_pb2  # noqa: E402

METADATA = (("authorization", f"Key {TOKEN}"),)
# Names of the operations that the tests have called: docs/coverage.md is held against them.
CALLED = set()
APP = resources_pb2.UserAppIDSet(user_id="me", app_id="demo")
HEADERS = {"Authorization": f"Key {TOKEN}"}
EXTENSIONS = f"{URL}/labelscope/v1"
OF_APP = f"{EXTENSIONS}/users/{APP.user_id}/apps/{APP.app_id}"
# States of a job: waiting, queued, running; done.
UNFINISHED = (1, 2, 3)
DONE = 4


@atexit.register
def tell_what_was_called():
    if path := os.environ.get("LABELSCOPE_CALLED"):
        Path(path).write_text(json.dumps(sorted(CALLED)), encoding="utf-8")


def client():
    """The vendor's stub over REST and JSON."""
    return service_pb2_grpc.V2Stub(ClarifaiChannel.get_json_channel(base_url=URL))


class ServerTest(unittest.TestCase):
    """Tests that call the server through the vendor's client."""

    metadata = METADATA

    @classmethod
    def setUpClass(cls):
        cls.stub = client()

    def setUp(self):
        # Every test has names of its own, and none depends on another.
        self.mark = uuid.uuid4().hex[:8]

    def name(self, word):
        return f"{word}-{self.mark}"

    def wait(self, ask, done, seconds=60):
        """Asks until the answer is one that is waited for, and gives it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = ask()
            if done(found):
                return found
            time.sleep(0.1)
        self.fail(f"not done within {seconds} s: {found}")

    def call(self, method, request, code=status_code_pb2.SUCCESS):
        """Calls and expects this status code of the reply."""
        CALLED.add(method)
        reply = getattr(self.stub, method)(request, metadata=METADATA)
        self.assertEqual(reply.status.code, code, f"{method}: {reply.status.description} {reply.status.details}")
        return reply

    def import_file(self, path, wish):
        """Imports a file as wished, and gives the job once it is done."""
        wish = {"import": {"annotations_file": path.name, **wish}}
        job = self.job(requests.post(f"{OF_APP}/imports", headers=HEADERS, json=wish, timeout=30))
        with path.open("rb") as body:
            sent = requests.put(
                f"{EXTENSIONS}/imports/{job['id']}/files/{path.name}", headers=HEADERS, data=body, timeout=60
            )
        self.assertEqual(sent.status_code, 200, sent.text)
        self.job(requests.post(f"{OF_APP}/imports/{job['id']}/start", headers=HEADERS, json={}, timeout=30))
        job = self.wait(
            lambda: self.job(requests.get(f"{OF_APP}/jobs/{job['id']}", headers=HEADERS, timeout=30)),
            lambda job: job["state"] not in UNFINISHED,
            120,
        )
        self.assertEqual(job["state"], DONE, job)
        return job

    def job(self, reply):
        self.assertEqual(reply.status_code, 200, reply.text)
        return reply.json()["job"]
