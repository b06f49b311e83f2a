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

from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel  # noqa: E402
from clarifai_grpc.grpc.api import resources_pb2, service_pb2_grpc  # noqa: E402
from clarifai_grpc.grpc.api.status import status_code_pb2  # noqa: E402

METADATA = (("authorization", f"Key {TOKEN}"),)
# Names of the operations that the tests have called: docs/coverage.md is held against them.
CALLED = set()
APP = resources_pb2.UserAppIDSet(user_id="me", app_id="demo")


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
