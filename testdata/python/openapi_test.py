"""The description of the API is valid OpenAPI 3.1 by the standard's own schema."""

import json
import unittest
import urllib.request

from local_server import URL
from openapi_spec_validator import OpenAPIV31SpecValidator


class Description(unittest.TestCase):
    def test_it_is_valid(self):
        with urllib.request.urlopen(URL + "/labelscope/v1/openapi.json") as answer:
            document = json.load(answer)
        errors = [str(error)[:1000] for error in OpenAPIV31SpecValidator(document).iter_errors()]
        self.assertEqual(errors, [])
        self.assertGreater(len(document["paths"]), 100)
